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
  /** Least and greatest score there can be, such as `[0, 1]` or `[0, Infinity]`. */
  readonly range: readonly [number, number];
  /**
   * The scale on which a confidence interval of a score outside `[0, 1]` is symmetric; default: that of the score.
   * `log` for errors that are 0 at best and have no upper end, `log-complement` for scores that are 1 at best and have no
   * lower end, `fisher` for correlations.
   */
  readonly intervalScale?: 'log' | 'log-complement' | 'fisher';
  /** What clinicians read before any other score: shown beside the metric that decides. */
  readonly isClinical?: true;
  /** The chance level of every task, where the formula has no value for a constant answer. */
  readonly chance?: number;
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
  /** Everything that does not depend on how often a clip counts, done once: this makes the bootstrap fast. */
  prepare?(scores: SceneScores): WeightedScore;
  /** A ranking metric: only the order of a label's scores counts, not their size. */
  readonly ranking?: {
    /** The labels whose rankings it is the mean over, by index. */
    labels(scores: SceneScores): readonly number[];
  };
  /** The mean of the areas under the labels' ROC curves: results have DeLong's intervals and tests beside it. */
  readonly isRocArea?: true;
  /**
   * How many independent answers a perfect score is worth, for its interval: as many as there are clips. Default: as if
   * every label had as few clips as the rarest one.
   */
  readonly perfectScoreWorth?: 'clips';
  /**
   * What a constant answer is for the chance level of a multilabel task: every label, which scores more than none.
   * Default: the labels that more than half of the training clips have.
   */
  readonly constantAnswer?: 'every label';
  /**
   * A metric of yes and no: from which probability on each label counts as answered, `[labels]`, chosen on validation;
   * undefined where it needs none.
   */
  chooseThresholds?(scores: SceneScores): number[] | undefined;
  /** How the positive label's threshold is chosen, in words; where the metric is of that label alone. */
  readonly thresholdRule?: string;
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
  /** Everything that does not depend on how often a clip counts, done once: this makes the bootstrap fast. */
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
