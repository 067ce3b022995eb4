import type { ClipShare, MetricDescription } from '../metric.js';
import type { WeightedMetric } from '../intervals/weighted-metric.js';

/** The parts of a score, such as precision and recall. */
export type ScoreParts = Readonly<Record<string, number | null>>;

/**
 * How answers of one kind are scored: labels of whole clips, numbers, or events. Everything in this package that
 * differs between kinds is behind this interface; `kinds/registry.ts` lists the implementations.
 */
export interface ScoringKind<Answers extends { readonly kind: string }, KindMetric extends MetricDescription> {
  /** What its metrics score, in words. */
  readonly subject: string;
  /** Whether each test clip has one row of predictions. */
  readonly hasRowPerClip: boolean;
  /** Whether its predictions are probabilities. */
  readonly predictsProbabilities: boolean;

  /** The score of one fold, as an evaluation reports it; null if it is undefined. */
  score(metric: KindMetric, answers: Answers, labels: readonly string[]): number | null;
  /** The metric on weighted clips. */
  weighted(metric: KindMetric, answers: Answers, labels: readonly string[]): WeightedMetric;
  /** The metric on two models' answers for the same clips, the first one's followed by the second's. */
  pooled(metric: KindMetric, first: Answers, second: Answers, labels: readonly string[]): WeightedMetric;
  /** The clips that the score is a share of; undefined if it is not a share. */
  share(metric: KindMetric, answers: Answers, labels: readonly string[]): ClipShare | undefined;
  /** Why the metric is undefined on a fold whose predictions are finite; undefined if it has a value. */
  undefinedBecause(metric: KindMetric, answers: Answers, labels: readonly string[]): string | undefined;
  /** The score of a constant answer, see `chanceLevel`. */
  chance(metric: KindMetric, answers: Answers, constant: readonly number[], labels: readonly string[]): number | null;
  /** The parts of the score, such as precision and recall; undefined if it has none. */
  parts(metric: KindMetric, answers: Answers, labels: readonly string[]): ScoreParts | undefined;
  /** Number of independent answers that a perfect score is worth, if clips have no groups. */
  perfectSize(metric: KindMetric, answers: Answers, labels: readonly string[]): number;

  /** Whether all predictions are finite numbers. */
  areFinite(answers: Answers): boolean;
  /** Whether two folds have the same correct answers. */
  haveSameReference(first: Answers, second: Answers): boolean;
  /** Approximate memory of the answers. */
  byteLength(answers: Answers): number;
}

/** Whether two lists have the same items. */
export function areEqualLists(first: ArrayLike<unknown>, second: ArrayLike<unknown>): boolean {
  if (first.length !== second.length) return false;
  for (let index = 0; index < first.length; index += 1) if (first[index] !== second[index]) return false;
  return true;
}

/** Why a metric without a number is undefined. */
export function noNumber(score: number | null): string | undefined {
  return score === null ? 'the formula has no value for these test clips' : undefined;
}
