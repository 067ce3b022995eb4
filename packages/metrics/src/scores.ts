import type { Cinc2020Weights } from './cinc2020-weights.js';

/** What a task says about its labels, for the metrics that need it: `evaluation_params` in `task_metadata.json`. */
export interface SceneSettings {
  /** `positive_label`: the label that a binary task is about. */
  readonly positiveLabel?: string;
  /** `normal_label`: the label of healthy clips. */
  readonly normalLabel?: string;
  /** `cinc2020_weights`: the value of each confusion of two diagnoses. */
  readonly cinc2020Weights?: Cinc2020Weights;
}

/** A probe's answers for the clips of a split, and the correct ones. Row-major, one row per clip. */
export interface SceneScores {
  /** Scores `[n, labels]`: probabilities or logits, higher for likelier. */
  readonly predictions: Float32Array | Float64Array;
  /** 1 if the clip has the label, else 0: `[n, labels]`. */
  readonly targets: Uint8Array;
  /** Labels in vocabulary order. */
  readonly labels: readonly string[];
  /** Whether a clip has one label or any number; default: multiclass if each clip here has exactly one. */
  readonly predictionType?: 'multiclass' | 'multilabel';
  /** The score from which a label counts as predicted, chosen on validation data: `[labels]`. Default: 0.5. */
  readonly thresholds?: readonly number[];
  /** What the task says about its labels, for the metrics that need it. */
  readonly settings?: SceneSettings;
}

/** The sound events of a split, by file name. A file that is missing on one side has no events there. */
export interface EventScores {
  /** The annotated events. */
  readonly reference: ReadonlyMap<string, readonly SoundEvent[]>;
  /** The detected events. */
  readonly estimated: ReadonlyMap<string, readonly SoundEvent[]>;
  /** Labels in vocabulary order; every event has one of them. */
  readonly labels: readonly string[];
}

/** A probe's answers for the clips of a regression task, and the measured values. Row-major, one row per clip. */
export interface RegressionScores {
  /** In the targets' units: `[n, targets]`. */
  readonly predictions: Float32Array | Float64Array;
  /** In the targets' units: `[n, targets]`. */
  readonly values: Float64Array;
  /** Names of the targets, in vocabulary order. */
  readonly labels: readonly string[];
}

/** One labelled sound event, in milliseconds from the clip's start. */
export interface SoundEvent {
  /** One of the task's labels. */
  readonly label: string;
  /** Milliseconds from the clip's start. */
  readonly start: number;
  /** Milliseconds from the clip's start. */
  readonly end: number;
}
