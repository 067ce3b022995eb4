import type { Cinc2020Weights } from './cinc2020-weights.js';
import type { SoundEvent } from './sound-event.js';

/** What a task says of its labels, for the metrics that need it: `evaluation_params` in `task_metadata.json`. */
export interface SceneSettings {
  /** `positive_label`: the one that a binary task is about. */
  readonly positiveLabel?: string;
  /** `normal_label`: the one of healthy clips. */
  readonly normalLabel?: string;
  /** `cinc2020_weights`: what each confusion of two diagnoses is worth. */
  readonly cinc2020Weights?: Cinc2020Weights;
}

/** What a probe answered for the clips of a split, and what was right. Row-major, one row a clip. */
export interface SceneScores {
  /** Scores `[n, labels]`: probabilities or logits, more for likelier. */
  readonly predictions: Float32Array | Float64Array;
  /** 1 where the clip has the label, else 0: `[n, labels]`. */
  readonly targets: Uint8Array;
  /** Labels in vocabulary order. */
  readonly labels: readonly string[];
  /** Whether a clip has one label or any number; default: multiclass where each clip here has exactly one. */
  readonly predictionType?: 'multiclass' | 'multilabel';
  /** From which score on a label counts as answered, chosen on validation: `[labels]`. Default 0.5. */
  readonly thresholds?: readonly number[];
  /** What the task says of its labels, for the metrics that need it. */
  readonly settings?: SceneSettings;
}

/** The sound events of a split, by file name. A file that one side lacks has no event there. */
export interface EventScores {
  /** The annotated events. */
  readonly reference: ReadonlyMap<string, readonly SoundEvent[]>;
  /** The events that were detected. */
  readonly estimated: ReadonlyMap<string, readonly SoundEvent[]>;
  /** Labels in vocabulary order; every event has one of them. */
  readonly labels: readonly string[];
}

/** What a probe answered for the clips of a regression task, and what was measured. Row-major, one row a clip. */
export interface RegressionScores {
  /** In the targets' own units: `[n, targets]`. */
  readonly predictions: Float32Array | Float64Array;
  /** In the targets' own units: `[n, targets]`. */
  readonly values: Float64Array;
  /** Names of the targets, in vocabulary order. */
  readonly labels: readonly string[];
}
