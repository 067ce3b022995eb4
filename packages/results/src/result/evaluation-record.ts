import type { ProbeConfiguration } from './configuration.js';
import type { FinetuneSettings } from './finetune-settings.js';
import type { GridName } from './grid-names.js';
import type { HeadSettings } from './head-settings.js';

/** The settings that scores depend on. */
export interface ScoringSettings {
  /** A name from `probeNames`, or the name of one of `probes`. */
  readonly probe: string;
  /** Hyper-parameters to choose from. */
  readonly grid: GridName;
  /** Number of grid points to try, drawn with the seed. */
  readonly gridPoints: number;
  /** Seeds all random numbers: the same seed gives the same scores. */
  readonly seed: number;
  /**
   * Number of times that each split's probe is trained with the chosen configuration: with `seed`, `seed + 1` and so
   * on. Default 1. The grid is tried once, with `seed`.
   */
  readonly seeds?: number;
  /**
   * Train on principal components of the training rows: their number, or if it is below 1, the share of the variance to
   * keep. Default: train on the embeddings themselves.
   */
  readonly pca?: number;
  /** Probe `head`: how the model's own head answers. */
  readonly head?: HeadSettings;
  /** Probe `finetune`: how the model itself is trained. */
  readonly finetune?: FinetuneSettings;
}

/** The validation score of a grid point. */
export interface GridPointResult {
  /** The hyper-parameters. */
  readonly configuration: ProbeConfiguration;
  /** The best validation score. */
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
  /** Test score by metric; null if the metric is undefined. */
  readonly scores: Readonly<Record<string, number | null>>;
  /** The best validation score. */
  readonly validationScore: number;
  /** Epoch of the best validation score, from 1; 0 if training did not improve it. */
  readonly epoch: number;
  /** Epochs until training stopped. */
  readonly epochsTrained: number;
  /** Wall time of the training. */
  readonly seconds: number;
  /**
   * Predictions for the test rows, `[count, labels]`: probabilities, or for regression tasks values in the targets'
   * units.
   */
  readonly predictions: Float32Array;
  /**
   * What was chosen on validation data and applied to the test split unchanged: an event task's `EventPostprocessing`,
   * or a scene task's `SceneDecision` if a metric needs thresholds.
   */
  readonly decision?: unknown;
  /** What the probe chose itself, such as its penalty: JSON values. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** A metric over all folds, and over all seeds if there are several. */
export interface ScoreSummary {
  /**
   * Mean over folds, or for several seeds the mean of their means; null if the metric is undefined on one of the folds.
   */
  readonly mean: number | null;
  /** Sample deviation over folds, of each fold's mean over seeds; null for a single fold. */
  readonly deviation: number | null;
  /** Sample deviation over seeds, of each seed's mean over folds; absent for a single seed. */
  readonly seedDeviation?: number | null;
}

/** The scores of one of several probe seeds. */
export interface SeedResult {
  /** The seed of its random numbers. */
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
  /** The first seed's folds. */
  readonly folds: readonly FoldResult[];
  /** All seeds, including the first one; absent if there is only one. */
  readonly seeds?: readonly SeedResult[];
  /** The configuration with the best validation score in the grid. */
  readonly configuration: ProbeConfiguration;
  /** All points that were tried, in the order in which they were drawn. */
  readonly gridPoints: readonly GridPointResult[];
  /** Epochs of all trainings together, including the grid's. */
  readonly epochsTrained: number;
  /** Seconds of all trainings together, including the grid's; parallel trainings share the time that passes. */
  readonly seconds: number;
}
