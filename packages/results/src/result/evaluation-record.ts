import type { ProbeConfiguration } from './configuration.js';
import type { GridName } from './grid-names.js';

/** The scoring settings that scores depend on. */
export interface ScoringSettings {
  /** A name that `probeNames` lists, or of one of `probes`. */
  readonly probe: string;
  /** Hyper-parameters to choose from. */
  readonly grid: GridName;
  /** How many points of the grid to try, drawn by the seed. */
  readonly gridPoints: number;
  /** Seeds all random numbers: the same seed gives the same scores. */
  readonly seed: number;
  /**
   * How many times each split's probe is trained with the chosen configuration: with `seed`, `seed + 1` and so on.
   * Default 1. The grid is tried once, with `seed`.
   */
  readonly seeds?: number;
  /**
   * Train on principal components of the training rows: how many, or below 1 the share of their variance to keep.
   * Default: on the embeddings themselves.
   */
  readonly pca?: number;
}

/** The validation score of a grid point. */
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

/** The scores of one of several probe seeds. */
export interface SeedResult {
  /** Seeds its random numbers. */
  readonly seed: number;
  /** Mean over folds by metric. */
  readonly scores: Readonly<Record<string, number | null>>;
  /** One per test split. */
  readonly folds: readonly FoldResult[];
}

/** The outcome of an evaluation. */
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
