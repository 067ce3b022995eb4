import type { SceneScores, SoundEvent } from '../scores.js';

/** The clips' groups, if the task has them. */
interface GroupedClips {
  /** The number of each clip's group (a person, a recording), the same in all folds; -1 if unknown. */
  readonly groups?: ArrayLike<number>;
}

export interface SceneAnswers extends GroupedClips {
  readonly kind: 'scene';
  /** Name of the test split. */
  readonly test: string;
  /** Names of the clips, in the order of the rows. */
  readonly clips: readonly string[];
  /** 1 if the clip has the label: `[clips, labels]`. */
  readonly targets: Uint8Array;
  /** Probabilities, `[clips, labels]`. */
  readonly predictions: Float32Array;
  /** What else the metrics need to know, if it is known. */
  readonly scoring?: SceneAnswerScoring;
}

/** What scene metrics need in addition to targets and predictions. */
export interface SceneAnswerScoring extends Pick<SceneScores, 'predictionType' | 'settings'> {
  /** By metric, what was chosen on the fold's validation data. */
  readonly thresholds?: Readonly<Record<string, readonly number[]>>;
}

export interface RegressionAnswers extends GroupedClips {
  readonly kind: 'regression';
  readonly test: string;
  readonly clips: readonly string[];
  /** In the targets' units: `[clips, targets]`. */
  readonly values: Float64Array;
  /** In the targets' units: `[clips, targets]`. */
  readonly predictions: Float32Array;
}

export interface EventAnswers extends GroupedClips {
  readonly kind: 'event';
  readonly test: string;
  readonly clips: readonly string[];
  /** Each clip's annotated events. */
  readonly reference: readonly (readonly SoundEvent[])[];
  /** Each clip's events, made from the predictions. */
  readonly estimated: readonly (readonly SoundEvent[])[];
}
