/** One labelled sound event, in milliseconds from the clip's start. */
export interface SoundEvent {
  readonly label: string;
  readonly start: number;
  readonly end: number;
}

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

/** What `task_metadata.json` says, as far as the evaluation honours it. */
export interface TaskMetadata {
  readonly taskName: string;
  readonly version: string;
  readonly embeddingType: 'scene' | 'event';
  readonly predictionType: PredictionType;
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
}

/** Which splits train, validate and test; heareval's data splits. */
export interface DataSplit {
  readonly train: readonly string[];
  readonly valid: readonly string[];
  readonly test: readonly string[];
}

/** An opened task: its metadata and labels in memory, its audio on disk. */
export interface Task {
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
