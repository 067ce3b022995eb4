import type { SoundEvent } from '@hearken/metrics';

export type { SoundEvent };

/**
 * What a task predicts for each clip: one label of the vocabulary, any number of labels, or numbers (the vocabulary
 * then names the targets).
 */
export type PredictionType = 'multiclass' | 'multilabel' | 'regression';

/** A clip of a task: an audio file, or a `.npy` signal of an ECG task. */
export interface Clip {
  /** File name, as in the split's JSON. */
  readonly name: string;
  /** Scene tasks: the labels, each in the task's vocabulary. Empty for event and regression tasks. */
  readonly labels: readonly string[];
  /** Regression tasks: one number for each target, in the vocabulary's order. */
  readonly values?: readonly number[];
  /** Event tasks: the events. Empty for scene tasks. */
  readonly events: readonly SoundEvent[];
}

/** Whether clips belong to groups that must stay together, such as clips of one person. */
export interface Grouping {
  /**
   * `named`: the data names the groups. `none`: the task's author says that no two clips share a person. `unknown`:
   * nothing is known; scores treat every clip as a separate group.
   */
  readonly state: 'named' | 'none' | 'unknown';
  /** What the groups are, such as a column's name; for `named` only. */
  readonly by?: string;
}

/** The part of `task_metadata.json` that the evaluation uses. */
export interface TaskMetadata {
  /** HEAR's `task_name`. */
  readonly taskName: string;
  /** HEAR's `version`, such as `v2.0.0`. */
  readonly version: string;
  /** Whether whole clips are scored, or events within them. */
  readonly embeddingType: 'scene' | 'event';
  /** Whether a clip has one label, any number of labels, or numbers. */
  readonly predictionType: PredictionType;
  /** How splits are used to train, validate and test; heareval's names. */
  readonly splitMode: 'trainvaltest' | 'new_split_kfold' | 'presplit_kfold';
  /** The task's edition: `small`, `full`, `5h`. */
  readonly mode: string;
  /** Length of every clip in seconds; null if clips have different lengths. */
  readonly sampleDuration: number | null;
  /** Metric names; the first one is decisive. */
  readonly evaluation: readonly string[];
  /** `audio`, or `ecg` for `.npy` signals of several leads. */
  readonly modality: 'audio' | 'ecg';
  /** Lead names of an ECG task, in channel order. */
  readonly leads: readonly string[];
  /** heareval: select by the metric (default) or by the validation loss. */
  readonly useScoringForEarlyStopping: boolean;
  /** heareval's `evaluation_params`, as found. */
  readonly evaluationParams: Readonly<Record<string, unknown>>;
  /** Which clips belong together; undefined if the task does not say. */
  readonly grouping?: Grouping;
}

/** Which splits train, validate and test: heareval's data splits. */
export interface DataSplit {
  /** Splits for training. */
  readonly train: readonly string[];
  /** Splits for validation, by which the configuration and the epoch are chosen. */
  readonly valid: readonly string[];
  /** Splits for testing. */
  readonly test: readonly string[];
}

/** An opened task: its metadata and labels in memory, its audio on disk. */
export interface Task {
  /** The task's metadata. */
  readonly metadata: TaskMetadata;
  /** `taskName-version-mode`, HEAR's folder name. */
  readonly id: string;
  /** Folder with `task_metadata.json`. */
  readonly folder: string;
  /** Labels by vocabulary index; for a regression task, the names of its targets. */
  readonly labels: readonly string[];
  /** Other files in the folder that a score depends on. */
  readonly scoringFiles?: readonly string[];
  /** Clips by split name, in the order of the split's JSON. */
  readonly splits: ReadonlyMap<string, readonly Clip[]>;
  /** Sample rates (Hz) that have a folder, in ascending order. */
  readonly sampleRates: readonly number[];
}
