import type { SoundEvent } from '@hearken/metrics';

export type { SoundEvent };

/**
 * What a task asks of each clip: one label of the vocabulary, any number of them, or numbers (the vocabulary then names
 * what is measured).
 */
export type PredictionType = 'multiclass' | 'multilabel' | 'regression';

/** One clip of a task: an audio file, or a `.npy` signal of an ECG task. */
export interface Clip {
  /** File name as the split's JSON has it. */
  readonly name: string;
  /** Scene tasks: its labels, each in the task's vocabulary. Empty for event and regression tasks. */
  readonly labels: readonly string[];
  /** Regression tasks: what is measured of it, one number for each target in the vocabulary's order. */
  readonly values?: readonly number[];
  /** Event tasks: its events. Empty for scene tasks. */
  readonly events: readonly SoundEvent[];
}

/** What is known of whose a task's clips are: whether groups of them are of one person (or whatever else must stay together). */
export interface Grouping {
  /**
   * `named`: the data says it. `none`: whoever made the task says that no two clips share a person. `unknown`: nobody said;
   * every clip counts as a group of its own, and scores assume that this is so.
   */
  readonly state: 'named' | 'none' | 'unknown';
  /** What the groups are, such as a column's name; where they are named. */
  readonly by?: string;
}

/** What `task_metadata.json` says, as far as the evaluation honours it. */
export interface TaskMetadata {
  /** HEAR's `task_name`. */
  readonly taskName: string;
  /** HEAR's `version`, such as `v2.0.0`. */
  readonly version: string;
  /** Whether clips are scored as wholes, or events within them. */
  readonly embeddingType: 'scene' | 'event';
  /** Whether a clip has one label, any number of them, or numbers. */
  readonly predictionType: PredictionType;
  /** How the splits come to train, validate and test; heareval's names. */
  readonly splitMode: 'trainvaltest' | 'new_split_kfold' | 'presplit_kfold';
  /** `small`, `full`, `5h`: which edition of the task. */
  readonly mode: string;
  /** Seconds that every clip has; null where the clips keep their own lengths. */
  readonly sampleDuration: number | null;
  /** Metric names; the first one decides. */
  readonly evaluation: readonly string[];
  /** `audio`, or `ecg` for `.npy` signals of several leads. */
  readonly modality: 'audio' | 'ecg';
  /** Lead names of an ECG task, in channel order. */
  readonly leads: readonly string[];
  /** heareval: select on the metric (default) or on the validation loss. */
  readonly useScoringForEarlyStopping: boolean;
  /** heareval's `evaluation_params`, as found. */
  readonly evaluationParams: Readonly<Record<string, unknown>>;
  /** Whose the clips are; absent where the task does not say. */
  readonly grouping?: Grouping;
}

/** Which splits train, validate and test; heareval's data splits. */
export interface DataSplit {
  /** Splits that train. */
  readonly train: readonly string[];
  /** Splits that validate: what the configuration and the epoch are chosen on. */
  readonly valid: readonly string[];
  /** Splits that test. */
  readonly test: readonly string[];
}

/** An opened task: its metadata and labels in memory, its audio on disk. */
export interface Task {
  /** What the task says of itself. */
  readonly metadata: TaskMetadata;
  /** `taskName-version-mode`, HEAR's folder name. */
  readonly id: string;
  /** Folder with `task_metadata.json`. */
  readonly folder: string;
  /** Labels by vocabulary index; of a regression task the names of its targets. */
  readonly labels: readonly string[];
  /** Further files of the folder that a score depends on. */
  readonly scoringFiles?: readonly string[];
  /** Clips by split name, in the order of the split's JSON. */
  readonly splits: ReadonlyMap<string, readonly Clip[]>;
  /** Sample rates (Hz) that have a folder, ascending. */
  readonly sampleRates: readonly number[];
}
