import type { Extensions } from '../extensions/extensions.js';
import type { ProbeConfiguration } from '../probes/configuration.js';
import type { GridName } from '../probes/grid-names.js';
import type { LaneStarter } from './lanes/trainer.js';

/** A part of an evaluation that is finished: what to know of it, and its arrays. */
export interface JournalRecord {
  /** Numbers and text, as JSON keeps them. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Float32 arrays by name. */
  readonly arrays: Readonly<Record<string, Float32Array>>;
}

/** Keeps finished parts, so that an interrupted evaluation goes on where it stopped. */
export interface Journal {
  /** What was kept under a key; undefined where there is nothing, or nothing whole. */
  read(key: string): Promise<JournalRecord | undefined>;
  /** Keeps a finished part under a key. */
  write(key: string, record: JournalRecord): Promise<void>;
}

/** How far an evaluation is. */
export interface EvaluationProgress {
  /** The grid on the first split, then the remaining splits and seeds with the chosen configuration. */
  readonly stage: 'grid' | 'split';
  /** Which grid point or further training, from 0. */
  readonly index: number;
  /** How many of them this stage has. */
  readonly total: number;
  /** Epochs trained of this probe, and the most there can be. */
  readonly epoch: number;
  /** The most epochs that this probe is trained for. */
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

/** How to evaluate, and the metrics and probes there are beside Hearken's own. */
export interface EvaluationOptions extends Extensions {
  /** A name that `probeNames` lists, or of one of `probes`. */
  readonly probe: string;
  /** Hyper-parameters to choose from. */
  readonly grid: GridName;
  /** How many points of the grid to try, drawn by the seed. */
  readonly gridPoints: number;
  /** What all random numbers follow from: the same seed gives the same scores. */
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
  /** Keeps finished parts; default: none, and an interrupted evaluation begins anew. */
  readonly journal?: Journal;
  /** Called as trainings go on. */
  readonly onProgress?: (progress: EvaluationProgress) => void;
  /** Ends the evaluation; the promise then rejects with the signal's reason. */
  readonly abortSignal?: AbortSignal;
}

/** What a point of the grid scored on validation. */
export interface GridPointResult {
  /** The hyper-parameters. */
  readonly configuration: ProbeConfiguration;
  /** The best score on validation. */
  readonly validationScore: number;
  /** Epoch of the best validation score, from 1. */
  readonly epoch: number;
  /** Epochs until training stopped. */
  readonly epochsTrained: number;
  /** Wall time of the training. */
  readonly seconds: number;
}

/** What a probe scored on one test split. */
export interface FoldResult {
  /** Name of the test split. */
  readonly test: string;
  /** Test score by metric; null where the metric is undefined. */
  readonly scores: Readonly<Record<string, number | null>>;
  /** The best score on validation. */
  readonly validationScore: number;
  /** Epoch of the best validation score, from 1; 0 where training improved nothing. */
  readonly epoch: number;
  /** Epochs until training stopped. */
  readonly epochsTrained: number;
  /** Wall time of the training. */
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
  /** What its random numbers follow from. */
  readonly seed: number;
  /** Mean over folds by metric. */
  readonly scores: Readonly<Record<string, number | null>>;
  /** One a test split. */
  readonly folds: readonly FoldResult[];
}

/** What an evaluation found. */
export interface Evaluation {
  /** By metric. */
  readonly scores: Readonly<Record<string, ScoreSummary>>;
  /** The first seed's. */
  readonly folds: readonly FoldResult[];
  /** Every seed, the first one included; absent for a single seed. */
  readonly seeds?: readonly SeedResult[];
  /** The configuration that won on the first split's validation. */
  readonly configuration: ProbeConfiguration;
  /** Every point that was tried, in the order drawn. */
  readonly gridPoints: readonly GridPointResult[];
  /** Epochs of all trainings together, the grid's included. */
  readonly epochsTrained: number;
  /** Seconds of all trainings together, the grid's included: more than passed where several ran side by side. */
  readonly seconds: number;
}
