import { definedOrNull } from '../defined-or-null.js';
import type { RegressionMetric } from '../metric.js';
import type { RegressionScores } from '../scores.js';
import type { WeightedMetric } from '../intervals/weighted-metric.js';

/** A metric over numbers on weighted answers. */
export function weightedRegressionMetric(metric: RegressionMetric, scores: RegressionScores): WeightedMetric {
  const count = scores.values.length / scores.labels.length;
  // A prediction that is not finite leaves the whole metric undefined.
  if (!scores.predictions.every((value) => Number.isFinite(value))) return { count, cost: 1, score: () => null };
  const weighted = metric.prepare(scores);
  return { count, cost: 5 * scores.values.length, score: (weights) => definedOrNull(weighted(weights)) };
}
