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
  /** Must change with every change that may change a score; results record it. */
  readonly version: string;
  /** Lowest and highest possible score, such as `[-1, 1]` or `[0, Infinity]`. */
  readonly range: readonly [number, number];
}

/** A metric of the labels of whole clips, for {@link defineMetric}. */
export interface SceneMetricDefinition extends CustomMetricDescription {
  /** Scores the labels of whole clips. */
  readonly kind: 'scene';
  /**
   * Computes the score.
   *
   * @param scores predictions and targets `[n, labels]`, n over 0, predictions all finite: probabilities, all of them
   *   copies
   * @returns a finite number in `range`, or null if the metric is undefined for these clips
   */
  compute(scores: SceneScores): number | null;
  /**
   * For binary metrics: the probability from which each label counts as predicted, `[labels]`, chosen on validation
   * data.
   */
  chooseThresholds?(scores: SceneScores): number[] | undefined;
  /** What a task lacks for this metric, and what to do about it; undefined if it lacks nothing. */
  missing?(task: SceneMetricTask):
    | {
        /** What was found instead. */
        readonly found: string;
        /** What to do about it. */
        readonly fix: string;
      }
    | undefined;
}

/** A metric of numbers, for {@link defineMetric}. */
export interface RegressionMetricDefinition extends CustomMetricDescription {
  /** Scores numbers. */
  readonly kind: 'regression';
  /**
   * Computes the score.
   *
   * @param scores predictions and values `[n, targets]` in the targets' units, n over 0, all finite, all of them
   *   copies
   * @returns a finite number in `range`, or null if the metric is undefined for these clips
   */
  compute(scores: RegressionScores): number | null;
}

/** A metric of sound events, for {@link defineMetric}. */
export interface EventMetricDefinition extends CustomMetricDescription {
  /** Scores sound events. */
  readonly kind: 'event';
  /**
   * Computes the score.
   *
   * @param scores the events of each file, start and end in ms
   * @returns a finite number in `range`, or null if the metric is undefined, which counts as 0 as in heareval
   */
  compute(scores: EventScores): number | null;
}

/** The argument of {@link defineMetric}. */
export type MetricDefinition = SceneMetricDefinition | RegressionMetricDefinition | EventMetricDefinition;

/** A custom metric. */
export type CustomMetric = (SceneMetric | RegressionMetric | EventMetric) & CustomMetricDescription;

/** The kind of metric that a definition makes. */
export type MetricOf<Definition extends MetricDefinition> = Extract<
  CustomMetric,
  {
    /** What it scores. */
    readonly kind: Definition['kind'];
  }
>;

/**
 * Completes a custom metric, to be passed to an evaluation as one of `metrics`, or exported by a module that `hearken
 * run --extension` loads. A task uses it by naming it in `evaluation` in `task_metadata.json`.
 *
 * Sizes are checked before `compute` is called. Without clips, or with predictions that are not all finite, the score
 * is null and `compute` is not called. Its result is checked: a score that is not a number, not finite or outside
 * `range` is a PluginError naming the metric and the value.
 *
 * @throws PluginError for an incomplete definition, listing everything that is missing
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
  // Reports give heareval's names precision and recall a meaning that other metrics' parts may not have.
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
  // Checks the input as all regression metrics do, and returns null if there is nothing to score.
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

/** Copies, because a metric that sorts predictions in place would change the stored ones. */
function copied({ predictions }: Pick<SceneScores, 'predictions'>): Pick<SceneScores, 'predictions'> {
  return { predictions: predictions.slice() };
}

function otherProblems({ kind, maximize, range }: MetricDefinition): string[] {
  const isRange = Array.isArray(range) && range.length === 2 && range.every((bound) => typeof bound === 'number');
  return [
    ...(['scene', 'regression', 'event'].includes(kind) ? [] : ["no kind 'scene', 'regression' or 'event'"]),
    ...(typeof maximize === 'boolean' ? [] : ['no maximize that is true or false']),
    ...(isRange && range[0] < range[1] ? [] : ['no range of two numbers, the lower one first']),
  ];
}

/** Sums of thousands of numbers may exceed a bound by rounding errors. */
const rounding = 1e-9;

/** @throws PluginError for a score that is not in the metric's range */
function checked(description: CustomMetricDescription, compute: () => unknown): number | null {
  const score = attempted(description, compute);
  if (score === null) return null;
  const [low, high] = description.range;
  const slack = (bound: number) => rounding * Math.max(1, Math.abs(bound));
  if (typeof score === 'number' && Number.isFinite(score)) {
    // For an infinite bound the tolerance is infinite, too, and the difference would be NaN.
    if ((low === -Infinity || score >= low - slack(low)) && (high === Infinity || score <= high + slack(high)))
      return score;
    throw fault(description, `a score of ${score}, outside its range [${low}, ${high}]`);
  }
  const found = typeof score === 'number' ? `a score of ${score}` : `${kindOf(score)} instead of a score`;
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
    throw fault(description, found, 'fix the metric', cause);
  }
}

function fault(
  { name, version, range }: CustomMetricDescription,
  found: string,
  fix = `let it return a number in [${range.join(', ')}], or null if it is undefined`,
  cause?: unknown,
): PluginError {
  return new PluginError({ asked: `a score of metric '${name}' ${version}`, found, fix, cause });
}

function kindOf(value: unknown): string {
  if (value instanceof Promise) return 'a promise';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'string' ? `the text '${value.slice(0, 40)}'` : (typeof value).replace('object', 'an object');
}
