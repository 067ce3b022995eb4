import { HearkenError, PluginError } from '@hearken/core';
import type {
  EventMetric,
  EventScores,
  MetricDescription,
  RegressionMetric,
  RegressionScores,
  SceneMetric,
  SceneMetricTask,
  SceneScores,
} from '@hearken/metrics';
import { regressionMetric, sceneMetric } from '@hearken/metrics/internal';
import { checkDescription, marked } from './contract.js';

/** What a custom metric says about itself. */
export interface CustomMetricDescription extends MetricDescription {
  /** Raised with every change that may change a score; results keep it. */
  readonly version: string;
  /** Least and greatest score there can be, such as `[-1, 1]` or `[0, Infinity]`. */
  readonly range: readonly [number, number];
}

/** A metric over the labels of whole clips, as {@link defineMetric} takes it. */
export interface SceneMetricDefinition extends CustomMetricDescription {
  /** Scores the labels of whole clips. */
  readonly kind: 'scene';
  /**
   * Computes the score.
   *
   * @param scores predictions and targets `[n, labels]`, n over 0, predictions all finite: probabilities, copies of the
   *   caller's own
   * @returns a finite number in `range`, or null where the metric is undefined for these clips
   */
  compute(scores: SceneScores): number | null;
  /** A metric of yes and no: from which probability on each label counts as answered, `[labels]`, chosen on validation. */
  chooseThresholds?(scores: SceneScores): number[] | undefined;
  /** What a task lacks for this metric, and what to do about it; undefined where it lacks nothing. */
  missing?(task: SceneMetricTask):
    | {
        /** What was found instead. */
        readonly found: string;
        /** What to do about it. */
        readonly fix: string;
      }
    | undefined;
}

/** A metric over numbers, as {@link defineMetric} takes it. */
export interface RegressionMetricDefinition extends CustomMetricDescription {
  /** Scores numbers. */
  readonly kind: 'regression';
  /**
   * Computes the score.
   *
   * @param scores predictions and values `[n, targets]` in the targets' own units, n over 0, all finite: copies
   * @returns a finite number in `range`, or null where the metric is undefined for these clips
   */
  compute(scores: RegressionScores): number | null;
}

/** A metric over sound events, as {@link defineMetric} takes it. */
export interface EventMetricDefinition extends CustomMetricDescription {
  /** Scores sound events. */
  readonly kind: 'event';
  /**
   * Computes the score.
   *
   * @param scores the events of each file, start and end in ms
   * @returns a finite number in `range`, or null where the metric is undefined, which counts as 0 as in heareval
   */
  compute(scores: EventScores): number | null;
}

/** What {@link defineMetric} takes. */
export type MetricDefinition = SceneMetricDefinition | RegressionMetricDefinition | EventMetricDefinition;

/** A custom metric. */
export type CustomMetric = (SceneMetric | RegressionMetric | EventMetric) & CustomMetricDescription;

/** The metric that a definition makes, by its kind. */
export type MetricOf<Definition extends MetricDefinition> = Extract<
  CustomMetric,
  {
    /** What it is over. */
    readonly kind: Definition['kind'];
  }
>;

/**
 * Completes a custom metric, to be passed to an evaluation as one of `metrics`, or exported by a module that
 * `hearken run --extension` loads. A task asks for it by its name in `evaluation` of `task_metadata.json`.
 *
 * Sizes are checked before `compute` is called; for no clip, and for predictions that are not all finite, the score is
 * null and it is not called. What it answers is checked: a score that is no number, not finite or outside `range` is a
 * PluginError that names the metric and the value.
 *
 * @throws PluginError for a definition that lacks something, listing everything it lacks
 */
export function defineMetric<Definition extends MetricDefinition>(definition: Definition): MetricOf<Definition> {
  checkDescription('metric', definition, ['compute'], otherProblems(definition));
  return marked('metric', completed(definition)) as MetricOf<Definition>;
}

function completed(definition: MetricDefinition): CustomMetric {
  const { name, version, summary, maximize, range } = definition;
  const description: CustomMetricDescription = { name, version, summary, maximize, range };
  if (definition.kind === 'scene') return customSceneMetric(description, definition);
  if (definition.kind === 'regression') return customRegressionMetric(description, definition);
  const compute = (scores: EventScores) => checked(description, () => definition.compute(scores));
  // What heareval calls precision and recall has a meaning to reports, which another metric's parts may not have.
  return { ...description, kind: 'event', compute, details: (scores) => ({ score: compute(scores) }) };
}

function customSceneMetric(description: CustomMetricDescription, definition: SceneMetricDefinition): CustomMetric {
  const copyOf = (scores: SceneScores) => ({ ...scores, ...copied(scores), targets: scores.targets.slice() });
  const score = (scores: SceneScores) => checked(description, () => definition.compute(copyOf(scores)));
  return {
    ...sceneMetric(description, (scores) => score(scores) ?? Number.NaN),
    ...description,
    ...(definition.chooseThresholds !== undefined && {
      chooseThresholds: (scores) =>
        checkedThresholds(description, scores.labels.length, () => definition.chooseThresholds?.(copyOf(scores))),
    }),
    ...(definition.missing !== undefined && {
      missing: (task) => attempted(description, () => definition.missing?.(task)),
    }),
  };
}

function customRegressionMetric(
  description: CustomMetricDescription,
  definition: RegressionMetricDefinition,
): CustomMetric {
  const score = (scores: RegressionScores) =>
    checked(description, () => definition.compute({ ...scores, ...copied(scores), values: scores.values.slice() }));
  // Looks the input over as all regression metrics do, and is null where there is nothing to score.
  const looked = regressionMetric(description, () => 0);
  return {
    ...description,
    kind: 'regression',
    compute: (scores) => (looked.compute(scores) === null ? null : score(scores)),
    prepare: (scores) => (weights) => {
      const drawn = drawnClips(scores, weights);
      return drawn.values.length === 0 ? Number.NaN : (score(drawn) ?? Number.NaN);
    },
  };
}

/** Each clip as often as its weight says. */
function drawnClips({ predictions, values, labels }: RegressionScores, weights: ArrayLike<number>): RegressionScores {
  const width = labels.length;
  const rows = Array.from(weights).flatMap((weight, row) => new Array<number>(weight).fill(row));
  const draw = (from: RegressionScores['predictions']) =>
    Float64Array.from({ length: rows.length * width }, (_, index) => {
      return from[rows[Math.floor(index / width)] * width + (index % width)];
    });
  return { predictions: draw(predictions), values: draw(values), labels };
}

/** An author who sorts predictions in place would change what is stored of them. */
function copied({ predictions }: Pick<SceneScores, 'predictions'>): Pick<SceneScores, 'predictions'> {
  return { predictions: predictions.slice() };
}

function otherProblems({ kind, maximize, range }: MetricDefinition): string[] {
  const isRange = Array.isArray(range) && range.length === 2 && range.every((bound) => typeof bound === 'number');
  return [
    ...(['scene', 'regression', 'event'].includes(kind) ? [] : ["no kind 'scene', 'regression' or 'event'"]),
    ...(typeof maximize === 'boolean' ? [] : ['no maximize of true or false']),
    ...(isRange && range[0] < range[1] ? [] : ['no range of two numbers, the lower one first']),
  ];
}

/** Sums of thousands of numbers may be off a bound by their rounding. */
const rounding = 1e-9;

/** @throws PluginError for a score that is not what the metric says its scores are */
function checked(description: CustomMetricDescription, compute: () => unknown): number | null {
  const score = attempted(description, compute);
  if (score === null) return null;
  const [low, high] = description.range;
  const slack = (bound: number) => rounding * Math.max(1, Math.abs(bound));
  if (typeof score === 'number' && Number.isFinite(score)) {
    // Of an infinite bound the slack is infinite, too: the difference would be no number.
    if ((low === -Infinity || score >= low - slack(low)) && (high === Infinity || score <= high + slack(high)))
      return score;
    throw fault(description, `a score of ${score}, outside its range [${low}, ${high}]`);
  }
  const found = typeof score === 'number' ? `a score of ${score}` : `${kindOf(score)} for a score`;
  throw fault(description, found);
}

function checkedThresholds(
  description: CustomMetricDescription,
  labels: number,
  choose: () => number[] | undefined,
): number[] | undefined {
  const thresholds: unknown = attempted(description, choose);
  if (thresholds === undefined) return undefined;
  if (Array.isArray(thresholds) && thresholds.length === labels && thresholds.every((one) => Number.isFinite(one)))
    return thresholds as number[];
  throw fault(description, `thresholds that are not ${labels} finite numbers`);
}

function attempted<Value>(description: CustomMetricDescription, work: () => Value): Value {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof HearkenError) throw cause;
    const found = `it threw ${cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)}`;
    throw fault(description, found, 'mend the metric', cause);
  }
}

function fault(
  { name, version, range }: CustomMetricDescription,
  found: string,
  fix = `let it return a number in [${range.join(', ')}], or null where it is undefined`,
  cause?: unknown,
): PluginError {
  return new PluginError({ asked: `a score of metric '${name}' ${version}`, found, fix, cause });
}

function kindOf(value: unknown): string {
  if (value instanceof Promise) return 'a promise';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'string' ? `the text '${value.slice(0, 40)}'` : (typeof value).replace('object', 'an object');
}
