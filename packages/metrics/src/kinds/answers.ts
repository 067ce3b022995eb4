import type { SceneScores } from '../scores.js';
import type { SoundEvent } from '../sound-event.js';

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
