import type { Metric } from '../metric.js';
import { metricByName } from '../registry.js';
import type { SceneScores } from '../scores.js';
import type { SoundEvent } from '../sound-event.js';
import { weightedEventMetric } from './event.js';
import type { WeightedMetric } from '../intervals/weighted-metric.js';
import { weightedRegressionMetric } from './regression.js';
import { weightedSceneMetric } from './scene.js';

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

/** A metric on the answers of one fold. */
export function weightedMetric(
  name: string,
  answers: TestAnswers,
  labels: readonly string[],
  custom: readonly Metric[] = [],
): WeightedMetric {
  const metric = metricByName(name, custom);
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

/** Each clip's events side by side. */
export function fileAnswers({ reference, estimated }: EventAnswers) {
  return reference.map((events, clip) => ({ reference: events, estimated: estimated[clip] }));
}
