import type { EvaluationInput } from '../../evaluation/evaluation-input.js';
import type { FoldResult } from '../../evaluation/evaluation.js';
import { estimatedEvents } from '../../evaluation/event-scoring.js';
import { thresholdsOf } from '../../evaluation/scene-scoring.js';
import { sceneSettings } from '../../evaluation/scene-settings.js';
import { metricByName, type EventPostprocessing, type Metric, type SceneScores } from '../../metrics/index.js';
import { Rows } from '../../probes/rows.js';
import { dataSplits } from '../../tasks/splits.js';
import type { DataSplit, SoundEvent } from '../../tasks/task.js';
import { weightedEventMetric } from './weighted-events.js';
import type { WeightedMetric } from './weighted-metric.js';
import { weightedRegressionMetric } from './weighted-regression.js';
import { weightedSceneMetric } from './weighted-scenes.js';

/** What is right for the test clips of one fold, and what was answered. */
export type TestAnswers = SceneAnswers | RegressionAnswers | EventAnswers;

/** Whose the clips are, where the task says. */
interface GroupedClips {
  /** The number of each clip's group (a person, a recording), the same in every fold; -1 where it is unknown. */
  readonly groups?: ArrayLike<number>;
}

export interface SceneAnswers extends GroupedClips {
  readonly kind: 'scene';
  /** Name of the test split. */
  readonly test: string;
  /** Names of the clips, in the order of the rows. */
  readonly clips: readonly string[];
  /** 1 where the clip has the label: `[clips, labels]`. */
  readonly targets: Uint8Array;
  /** Probabilities, `[clips, labels]`. */
  readonly predictions: Float32Array;
  /** What else the metrics need to know; absent where it is not known. */
  readonly scoring?: SceneAnswerScoring;
}

/** What scene metrics need to know besides targets and predictions. */
export interface SceneAnswerScoring extends Pick<SceneScores, 'predictionType' | 'settings'> {
  /** By metric, what was chosen on the fold's validation. */
  readonly thresholds?: Readonly<Record<string, readonly number[]>>;
}

export interface RegressionAnswers extends GroupedClips {
  readonly kind: 'regression';
  readonly test: string;
  readonly clips: readonly string[];
  /** In the targets' own units: `[clips, targets]`. */
  readonly values: Float64Array;
  /** In the targets' own units: `[clips, targets]`. */
  readonly predictions: Float32Array;
}

export interface EventAnswers extends GroupedClips {
  readonly kind: 'event';
  readonly test: string;
  readonly clips: readonly string[];
  /** Each clip's annotated events. */
  readonly reference: readonly (readonly SoundEvent[])[];
  /** Each clip's events as they were made of the predictions. */
  readonly estimated: readonly (readonly SoundEvent[])[];
}

/**
 * The answers to score and to score again on resamples; undefined where a fold is none of the task's, or one of an event
 * task does not say how its events were made.
 *
 * @param groupOf whose a clip of a split is; '' where it is unknown
 */
export function testAnswers(
  input: EvaluationInput,
  folds: readonly FoldResult[],
  groupOf?: (split: string, clip: string) => string,
): TestAnswers[] | undefined {
  const answers: TestAnswers[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (name: string) => {
    if (name === '') return -1;
    const known = numbers.get(name) ?? numbers.size;
    numbers.set(name, known);
    return known;
  };
  for (const fold of folds) {
    const tested = splitsOfFold(input, fold)?.test;
    if (tested === undefined) return undefined;
    const rows = new Rows(tested.map((name) => input.splits.get(name)!));
    const clips = rows.splits.flatMap(({ clipNames }) => clipNames);
    const groups = groupOf && {
      groups: tested.flatMap((name) => input.splits.get(name)!.clipNames.map((clip) => numberOf(groupOf(name, clip)))),
    };
    const { test, predictions } = fold;
    if (input.metadata.predictionType === 'regression') {
      answers.push({ kind: 'regression', test, clips, values: rows.values(), predictions, ...groups });
      continue;
    }
    if (input.metadata.embeddingType === 'scene') {
      const scoring = sceneAnswerScoring(input.metadata, fold.decision);
      answers.push({ kind: 'scene', test, clips, targets: rows.targets(), predictions, scoring, ...groups });
      continue;
    }
    const postprocessing = postprocessingOf(fold.decision);
    if (postprocessing === undefined) return undefined;
    const events = estimatedEvents(predictions, rows, input.labels, postprocessing);
    const reference = rows.splits.flatMap((split) => split.clipNames.map((_, clip) => split.events?.[clip] ?? []));
    const estimated = clips.map((clip) => events.get(clip) ?? []);
    answers.push({ kind: 'event', test, clips, reference, estimated, ...groups });
  }
  return answers;
}

/** A metric on the answers of one fold. */
export function weightedMetric(
  name: string,
  answers: TestAnswers,
  labels: readonly string[],
  own: readonly Metric[] = [],
): WeightedMetric {
  const metric = metricByName(name, own);
  if (metric.kind === 'scene' && answers.kind === 'scene') {
    return weightedSceneMetric(metric, sceneScores(name, answers, labels));
  }
  if (metric.kind === 'regression' && answers.kind === 'regression') {
    const { predictions, values } = answers;
    return weightedRegressionMetric(metric, { predictions, values, labels });
  }
  if (metric.kind === 'event' && answers.kind === 'event') {
    return weightedEventMetric(metric, fileAnswers(answers), labels);
  }
  throw new TypeError(`metric ${name} does not go with ${answers.kind} answers`);
}

/** The input of a scene metric. */
export function sceneScores(name: string, answers: SceneAnswers, labels: readonly string[]): SceneScores {
  const { predictions, targets, scoring } = answers;
  const { predictionType, settings, thresholds } = scoring ?? {};
  return {
    predictions,
    targets,
    labels,
    ...(predictionType === undefined ? {} : { predictionType }),
    ...(settings === undefined ? {} : { settings }),
    ...(thresholds !== undefined && Object.hasOwn(thresholds, name) ? { thresholds: thresholds[name] } : {}),
  };
}

function sceneAnswerScoring(metadata: EvaluationInput['metadata'], decision: unknown): SceneAnswerScoring {
  const chosen = metadata.evaluation.flatMap((name) => {
    const thresholds = thresholdsOf(decision, name);
    return thresholds === undefined ? [] : [[name, thresholds] as const];
  });
  return {
    predictionType: metadata.predictionType === 'multilabel' ? 'multilabel' : 'multiclass',
    settings: sceneSettings(metadata),
    ...(chosen.length === 0 ? {} : { thresholds: Object.fromEntries(chosen) }),
  };
}

/** Each clip's events side by side. */
export function fileAnswers({ reference, estimated }: EventAnswers) {
  return reference.map((events, clip) => ({ reference: events, estimated: estimated[clip] }));
}

/** The names of the splits that a fold trains, validates and tests on; undefined where it is none of the task's. */
export function splitsOfFold(input: EvaluationInput, { test }: Pick<FoldResult, 'test'>): DataSplit | undefined {
  return foldSplits(input).find((split) => split.test.join('|') === test);
}

/** The first draw's folds of an evaluation, in order. */
export function foldSplits({ metadata, splits, folds }: EvaluationInput): readonly DataSplit[] {
  const names = new Map([...splits.keys()].map((name) => [name, []]));
  return folds?.[0] ?? dataSplits({ id: metadata.taskName, metadata, splits: names });
}

function postprocessingOf(decision: unknown): EventPostprocessing | undefined {
  return typeof decision === 'object' && decision !== null && 'medianFilter' in decision
    ? (decision as EventPostprocessing)
    : undefined;
}
