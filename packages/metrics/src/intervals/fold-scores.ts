import { meanOrNull } from '../statistics/summary.js';
import type { WeightedMetric } from './weighted-metric.js';

/** A score over folds and probe seeds, of weighted clips. */
export interface FoldScores {
  /** Number of clips in each fold. */
  readonly counts: readonly number[];
  /** Approximate number of steps for scoring all of them once. */
  readonly cost: number;
  /**
   * The score of one fold, over seeds.
   *
   * @param weights of that fold's clips
   */
  fold(index: number, weights: Uint16Array): number | null;
}

/** The mean over seeds of each fold's score. */
export function foldScores(seeds: readonly (readonly WeightedMetric[])[]): FoldScores {
  return {
    counts: seeds[0].map(({ count }) => count),
    cost: seeds.flat().reduce((sum, { cost }) => sum + cost, 0),
    fold: (index, weights) => meanOrNull(seeds.map((folds) => folds[index].score(weights))),
  };
}

/** The first score minus the second, on the same clips. */
export function differenceScores(first: FoldScores, second: FoldScores): FoldScores {
  return {
    counts: first.counts,
    cost: first.cost + second.cost,
    fold(index, weights) {
      const [one, other] = [first.fold(index, weights), second.fold(index, weights)];
      return one === null || other === null ? null : one - other;
    },
  };
}

/** The mean over folds; null if a fold with clips is undefined. Folds without clips do not count. */
export function scoreOf(scores: FoldScores, weights: readonly Uint16Array[]): number | null {
  const values = weights.flatMap((fold, index) =>
    fold.some((weight) => weight > 0) ? [scores.fold(index, fold)] : [],
  );
  return values.length === 0 ? null : meanOrNull(values);
}
