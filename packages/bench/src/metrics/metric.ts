import type { EventScores } from './event-scores.js';
import type { RegressionScores } from './regression-scores.js';
import type { SceneScores, SceneSettings } from './scene-scores.js';

/** What a metric says of itself; literal, so that reports and documentation can list it. */
export interface MetricDescription {
  /** HEAR's name for it where it has one, also the name of its file and of its test. */
  readonly name: string;
  /** One line for reports: what it measures, in which range. */
  readonly summary: string;
  /** Whether more is better. */
  readonly maximize: boolean;
}

/** A score of answers that count as often as their weights say, `[n]`; NaN where it is undefined. */
export type WeightedScore = (weights: ArrayLike<number>) => number;

/** What of a task decides whether a metric over whole clips can be computed for it. */
export interface SceneMetricTask {
  readonly labels: readonly string[];
  readonly predictionType: 'multiclass' | 'multilabel';
  readonly settings: SceneSettings;
}

/** A metric over whole clips: predictions `[n, labels]` against targets `[n, labels]`. */
export interface SceneMetric extends MetricDescription {
  readonly kind: 'scene';
  /** The score, or null where it is undefined for this input. */
  compute(scores: SceneScores): number | null;
  /** Everything that does not depend on how often a clip counts, done once: what resampling is made fast by. */
  prepare?(scores: SceneScores): WeightedScore;
  /** A metric of yes and no: the thresholds to be chosen on validation, one a label; undefined where it needs none. */
  chooseThresholds?(scores: SceneScores): number[] | undefined;
  /** What a task lacks for this metric, and what to do about it; undefined where it lacks nothing. */
  missing?(task: SceneMetricTask): { readonly found: string; readonly fix: string } | undefined;
}

/** A metric over numbers: predictions `[n, targets]` against values `[n, targets]`. */
export interface RegressionMetric extends MetricDescription {
  readonly kind: 'regression';
  /** The score, or null where it is undefined for this input. */
  compute(scores: RegressionScores): number | null;
  prepare(scores: RegressionScores): WeightedScore;
}

/** A metric over sound events: a list of them for every file, against the annotated ones. */
export interface EventMetric extends MetricDescription {
  readonly kind: 'event';
  /** The score, or null where it is undefined for this input. */
  compute(scores: EventScores): number | null;
  /** The score by its own name (`f_measure`, `error_rate`) with the parts that it is made of. */
  details(scores: EventScores): Readonly<Record<string, number | null>>;
}

export type Metric = SceneMetric | EventMetric | RegressionMetric;

/** JSON, tables and comparisons have no use for NaN and infinity: such a score is undefined. */
export function definedOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
