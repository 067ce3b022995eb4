import type { ProbeConfiguration } from '../probes/configuration.js';
import type { LaneStarter } from '../probes/lanes/trainer.js';
import type { DataSplit, SoundEvent, TaskMetadata } from '../tasks/task.js';

/** Embeddings that stay where they are kept, and are read when they are needed. */
export interface StoredEmbeddings {
  /** Copies `count` rows from row `start` on to `into`, from its value `offset` on. */
  read(start: number, count: number, into: Float32Array, offset: number): void;
  /** Some of these rows as rows of their own, nothing being read; absent where that cannot be had. */
  pick?(rows: Uint32Array): StoredEmbeddings;
}

/**
 * The embeddings of one split with their targets. A row is a clip (scene tasks) or a frame of a clip (event tasks).
 */
export interface EmbeddedSplit {
  /** Float32, row-major `[count, size]`; empty where they are `stored`. */
  readonly embeddings: Float32Array;
  /** Where they are read from, instead: more of them than memory should hold. */
  readonly stored?: StoredEmbeddings;
  readonly count: number;
  readonly size: number;
  /** 1 where the row has the label: row-major `[count, labels]`; empty for regression. */
  readonly targets: Uint8Array;
  /** Regression tasks: what is measured of each row, in the targets' own units, `[count, targets]`. */
  readonly values?: Float64Array;
  /** Clip names, in the split's order. */
  readonly clipNames: readonly string[];
  /** Index into `clipNames` of each row. */
  readonly clipOf: Uint32Array;
  /** Event tasks: each row's window centre in milliseconds. */
  readonly timestamps?: Float64Array;
  /** Event tasks: each clip's reference events. */
  readonly events?: readonly (readonly SoundEvent[])[];
}

/** What an evaluation needs of a task: nothing on disk, so that it runs anywhere. */
export interface EvaluationInput {
  readonly metadata: TaskMetadata;
  readonly labels: readonly string[];
  readonly splits: ReadonlyMap<string, EmbeddedSplit>;
  /**
   * Which of the splits train, validate and test, where that is not heareval's `dataSplits`: the folds of each probe
   * seed, which test the same ones; a seed beyond the last has the last one's.
   */
  readonly folds?: readonly (readonly DataSplit[])[];
}

export type GridName = 'default' | 'fast' | 'faster';

/** A part of an evaluation that is finished: what to know of it, and its arrays. */
export interface JournalRecord {
  readonly values: Readonly<Record<string, unknown>>;
  readonly arrays: Readonly<Record<string, Float32Array>>;
}

/** Keeps finished parts, so that an interrupted evaluation goes on where it stopped. */
export interface Journal {
  read(key: string): Promise<JournalRecord | undefined>;
  write(key: string, record: JournalRecord): Promise<void>;
}

export interface EvaluationProgress {
  /** The grid on the first split, then the remaining splits and seeds with the chosen configuration. */
  readonly stage: 'grid' | 'split';
  /** Which grid point or further training, from 0. */
  readonly index: number;
  readonly total: number;
  /** Epochs trained of this probe, and the most there can be. */
  readonly epoch: number;
  readonly maxEpochs: number;
  /** Best validation score of this probe so far. */
  readonly bestScore: number | null;
  /** Trainings of this stage that are finished, in this run or before it. Several may be under way at once. */
  readonly finished?: number;
  /** Trainings that are under way, this one included. */
  readonly running?: number;
  /** `finished` and the shares of their epochs that those under way have done: never less than before. */
  readonly done?: number;
}

export interface EvaluationOptions {
  /** A name that `probeNames` lists. */
  readonly probe: string;
  readonly grid: GridName;
  /** How many points of the grid to try, drawn by the seed. */
  readonly gridPoints: number;
  readonly seed: number;
  /**
   * How often each split's probe is trained with the chosen configuration: with `seed`, `seed + 1` and so on.
   * Default 1. The grid is tried once, with `seed`.
   */
  readonly seeds?: number;
  /**
   * Train on principal components of the training rows: how many, or below 1 the share of their variance to keep.
   * Default: on the embeddings themselves.
   */
  readonly pca?: number;
  /** Cores to use, each for a training of its own; default: all. The scores do not depend on it. */
  readonly threads?: number;
  /**
   * How many trainings to do side by side, where the platform can; default: as many as cores, work and memory allow.
   * Nor do the scores depend on this.
   */
  readonly lanes?: number;
  /** What starts them; default: worker threads on Node.js, elsewhere none, and trainings go one after the other. */
  readonly laneStarter?: LaneStarter;
  readonly journal?: Journal;
  readonly onProgress?: (progress: EvaluationProgress) => void;
  readonly abortSignal?: AbortSignal;
}

export interface GridPointResult {
  readonly configuration: ProbeConfiguration;
  readonly validationScore: number;
  /** Epoch of the best validation score, from 1. */
  readonly epoch: number;
  readonly epochsTrained: number;
  readonly seconds: number;
}

export interface FoldResult {
  /** Name of the test split. */
  readonly test: string;
  /** Test score by metric; null where the metric is undefined. */
  readonly scores: Readonly<Record<string, number | null>>;
  readonly validationScore: number;
  readonly epoch: number;
  readonly epochsTrained: number;
  readonly seconds: number;
  /** Probabilities of the test rows, `[count, labels]`; of a regression task its targets' values in their own units. */
  readonly predictions: Float32Array;
  /**
   * What was decided on validation and applied to the test split unchanged: an event task's `EventPostprocessing`, a
   * scene task's `SceneDecision` where a metric needs thresholds.
   */
  readonly decision?: unknown;
  /** What the probe chose on its own, such as the strength of its penalty: JSON values. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** A metric over all folds, and over all seeds where there are several. */
export interface ScoreSummary {
  /** Mean over folds, of several seeds the mean of their means; null where the metric is undefined in one of them. */
  readonly mean: number | null;
  /** Sample deviation over folds, of each fold's mean over seeds; null for a single fold. */
  readonly deviation: number | null;
  /** Sample deviation over seeds, of each seed's mean over folds; absent for a single seed. */
  readonly seedDeviation?: number | null;
}

/** What one of several probe seeds gave. */
export interface SeedResult {
  readonly seed: number;
  /** Mean over folds by metric. */
  readonly scores: Readonly<Record<string, number | null>>;
  readonly folds: readonly FoldResult[];
}

export interface Evaluation {
  /** By metric. */
  readonly scores: Readonly<Record<string, ScoreSummary>>;
  /** The first seed's. */
  readonly folds: readonly FoldResult[];
  /** Every seed, the first one included; absent for a single seed. */
  readonly seeds?: readonly SeedResult[];
  /** The configuration that won on the first split's validation. */
  readonly configuration: ProbeConfiguration;
  readonly gridPoints: readonly GridPointResult[];
  readonly epochsTrained: number;
  readonly seconds: number;
}
