import type { EventScores } from './scores.js';
import type { RegressionScores } from './scores.js';
import type { SceneScores, SceneSettings } from './scores.js';

/** A metric's description of itself; literal, so that reports and documentation can list it. */
export interface MetricDescription {
  /** HEAR's name for it, if it has one; also the name of its file and its test. */
  readonly name: string;
  /** One line for reports: what it measures, and its range. */
  readonly summary: string;
  /** Whether higher is better. */
  readonly maximize: boolean;
  /** Lowest and highest possible score, such as `[0, 1]` or `[0, Infinity]`. */
  readonly range: readonly [number, number];
  /**
   * The scale on which a confidence interval of a score outside `[0, 1]` is symmetric; default: that of the score.
   * `log` for errors that are 0 at best and have no upper bound, `log-complement` for scores that are 1 at best and
   * have no lower bound, `fisher` for correlations.
   */
  readonly intervalScale?: 'log' | 'log-complement' | 'fisher';
  /** Whether clinicians read it first: it is shown next to the deciding metric. */
  readonly isClinical?: true;
  /** The chance level for every task, if the formula has no value for a constant answer. */
  readonly chance?: number;
  /** Set only by custom metrics (`defineMetric`); built-in metrics have Hearken's version. */
  readonly version?: string;
}

/** A score of weighted answers, `[n]`; NaN if it is undefined. */
export type WeightedScore = (weights: ArrayLike<number>) => number;

/** A score that is the share of correct clips among those that count. */
export interface ClipShare {
  /** 1 for each clip that counts: `[n]`. */
  readonly counted: Uint8Array;
  /** 1 for each of them that is correct: `[n]`. */
  readonly right: Uint8Array;
}

/** The facts about a task that decide whether a metric of whole clips can be computed for it. */
export interface SceneMetricTask {
  /** Labels in vocabulary order. */
  readonly labels: readonly string[];
  /** Whether a clip has one label or any number of labels. */
  readonly predictionType: 'multiclass' | 'multilabel';
  /** What the task says about its labels. */
  readonly settings: SceneSettings;
}

/** A metric of whole clips: predictions `[n, labels]` against targets `[n, labels]`. */
export interface SceneMetric extends MetricDescription {
  /** Distinguishes metrics of clips from others. */
  readonly kind: 'scene';
  /** The score, or null if it is undefined for this input. */
  compute(scores: SceneScores): number | null;
  /**
   * Why the score is undefined for this input although `compute` returns a number: the conventional one of the metric's
   * original (scikit-learn, a challenge's code). Undefined if the score has a real value.
   */
  undefinedBecause?(scores: SceneScores): string | undefined;
  /**
   * For a metric that is a share of clips: which clips count, and which of those are correct, as 0 and 1: `[n]`.
   * Undefined if it is not a share for this input.
   */
  share?(scores: SceneScores): ClipShare | undefined;
  /** Everything that does not depend on how often a clip counts, computed once: this makes the bootstrap fast. */
  prepare?(scores: SceneScores): WeightedScore;
  /** A ranking metric: only the order of a label's scores counts, not their size. */
  readonly ranking?: {
    /** The labels over whose rankings it is the mean, by index. */
    labels(scores: SceneScores): readonly number[];
  };
  /** It is the mean of the areas under the labels' ROC curves: results also have DeLong's intervals and tests. */
  readonly isRocArea?: true;
  /**
   * Number of independent answers that a perfect score is worth, for its interval: the number of clips. Default: as if
   * every label had as few clips as the rarest one.
   */
  readonly perfectScoreWorth?: 'clips';
  /**
   * The constant answer for the chance level of a multilabel task: every label, which scores more than none. Default:
   * the labels that more than half of the training clips have.
   */
  readonly constantAnswer?: 'every label';
  /**
   * For binary metrics: the probability from which each label counts as predicted, `[labels]`, chosen on validation
   * data; undefined if it needs none.
   */
  chooseThresholds?(scores: SceneScores): number[] | undefined;
  /** How the positive label's threshold is chosen, in words; for metrics of that label only. */
  readonly thresholdRule?: string;
  /** What a task lacks for this metric, and what to do about it; undefined if it lacks nothing. */
  missing?(task: SceneMetricTask):
    | {
        /** What was found instead. */
        readonly found: string;
        /** What to do about it. */
        readonly fix: string;
      }
    | undefined;
}

/** A metric of numbers: predictions `[n, targets]` against values `[n, targets]`. */
export interface RegressionMetric extends MetricDescription {
  /** Distinguishes metrics of numbers from others. */
  readonly kind: 'regression';
  /** The score, or null if it is undefined for this input. */
  compute(scores: RegressionScores): number | null;
  /** Like that of a {@link SceneMetric}. */
  undefinedBecause?(scores: RegressionScores): string | undefined;
  /** Everything that does not depend on how often a clip counts, computed once: this makes the bootstrap fast. */
  prepare(scores: RegressionScores): WeightedScore;
}

/** A metric of sound events: a list of them for every file, against the annotated ones. */
export interface EventMetric extends MetricDescription {
  /** Distinguishes metrics of events from others. */
  readonly kind: 'event';
  /** The score, or null if it is undefined for this input. */
  compute(scores: EventScores): number | null;
  /** The score by its name (`f_measure`, `error_rate`), with its parts. */
  details(scores: EventScores): Readonly<Record<string, number | null>>;
}
