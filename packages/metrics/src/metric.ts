import type { EventScores } from './scores.js';
import type { RegressionScores } from './scores.js';
import type { SceneScores, SceneSettings } from './scores.js';

/** What a metric says of itself; literal, so that reports and documentation can list it. */
export interface MetricDescription {
  /** HEAR's name for it where it has one, also the name of its file and of its test. */
  readonly name: string;
  /** One line for reports: what it measures, in which range. */
  readonly summary: string;
  /** Whether more is better. */
  readonly maximize: boolean;
  /** Least and greatest score there can be; absent where the summary alone says so. */
  readonly range?: readonly [number, number];
  /** Set only by custom metrics (`defineMetric`); built-in metrics have Hearken's version. */
  readonly version?: string;
}

/** A score of answers that count as often as their weights say, `[n]`; NaN where it is undefined. */
export type WeightedScore = (weights: ArrayLike<number>) => number;

/** A score that is the share of right clips among those that count. */
export interface ClipShare {
  /** 1 for each clip that counts: `[n]`. */
  readonly counted: Uint8Array;
  /** 1 for each of them that is right: `[n]`. */
  readonly right: Uint8Array;
}

/** What of a task decides whether a metric over whole clips can be computed for it. */
export interface SceneMetricTask {
  /** Labels in vocabulary order. */
  readonly labels: readonly string[];
  /** Whether a clip has one label or any number. */
  readonly predictionType: 'multiclass' | 'multilabel';
  /** What the task says of its labels. */
  readonly settings: SceneSettings;
}

/** A metric over whole clips: predictions `[n, labels]` against targets `[n, labels]`. */
export interface SceneMetric extends MetricDescription {
  /** Tells a metric over clips from the others. */
  readonly kind: 'scene';
  /** The score, or null where it is undefined for this input. */
  compute(scores: SceneScores): number | null;
  /**
   * Why the score is undefined for this input although `compute` gives a number: the one that the metric's original
   * (scikit-learn, a challenge's own code) gives there by convention. Undefined where the score is a measurement.
   */
  undefinedBecause?(scores: SceneScores): string | undefined;
  /**
   * A metric that is a share of clips: which clips count, and which of those are right, as 0 and 1: `[n]`. Undefined where
   * it is no share for this input.
   */
  share?(scores: SceneScores): ClipShare | undefined;
  /** Everything that does not depend on how often a clip counts, done once: what resampling is made fast by. */
  prepare?(scores: SceneScores): WeightedScore;
  /**
   * A metric of yes and no: from which probability on each label counts as answered, `[labels]`, chosen on validation;
   * undefined where it needs none.
   */
  chooseThresholds?(scores: SceneScores): number[] | undefined;
  /** What a task lacks for this metric, and what to do about it; undefined where it lacks nothing. */
  missing?(task: SceneMetricTask):
    | {
        /** What was found instead. */
        readonly found: string;
        /** What to do about it. */
        readonly fix: string;
      }
    | undefined;
}

/** A metric over numbers: predictions `[n, targets]` against values `[n, targets]`. */
export interface RegressionMetric extends MetricDescription {
  /** Tells a metric over numbers from the others. */
  readonly kind: 'regression';
  /** The score, or null where it is undefined for this input. */
  compute(scores: RegressionScores): number | null;
  /** As that of a {@link SceneMetric}. */
  undefinedBecause?(scores: RegressionScores): string | undefined;
  /** Everything that does not depend on how often a clip counts, done once: what resampling is made fast by. */
  prepare(scores: RegressionScores): WeightedScore;
}

/** A metric over sound events: a list of them for every file, against the annotated ones. */
export interface EventMetric extends MetricDescription {
  /** Tells a metric over events from the others. */
  readonly kind: 'event';
  /** The score, or null where it is undefined for this input. */
  compute(scores: EventScores): number | null;
  /** The score by its own name (`f_measure`, `error_rate`) with the parts that it is made of. */
  details(scores: EventScores): Readonly<Record<string, number | null>>;
}

/** A metric, of whatever it is over. */
export type Metric = SceneMetric | EventMetric | RegressionMetric;
