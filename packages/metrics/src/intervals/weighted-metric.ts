/**
 * A metric over answers that count as often as their weights say: a resample without a copy of what is resampled.
 * Equal to the metric itself on a list in which each answer occurs that often.
 */
export interface WeightedMetric {
  /** Answers: the clips of one model, or of several one after the other. */
  readonly count: number;
  /** About how many steps of a few nanoseconds one scoring takes; what resamples can be afforded follows from it. */
  readonly cost: number;
  /**
   * @param weights how often each answer counts: `[count]`
   * @returns the score, or null where it is undefined
   */
  score(weights: Uint16Array): number | null;
}

/** How many of the `wanted` resamples are affordable; by the cost, never by the clock, so that results repeat. */
export function affordableSamples(metrics: readonly WeightedMetric[], wanted: number, least: number): number {
  const cost = metrics.reduce((sum, metric) => sum + metric.cost, 0);
  return Math.max(Math.min(wanted, least), Math.min(wanted, Math.floor(affordableSteps / cost)));
}

/** A few seconds. */
export const affordableSteps = 2e9;

/** The answers as a list in which each occurs as often as it counts. */
export function indicesOf(weights: Uint16Array): Int32Array {
  const indices = new Int32Array(weights.reduce((sum, weight) => sum + weight, 0));
  let end = 0;
  weights.forEach((weight, index) => {
    indices.fill(index, end, end + weight);
    end += weight;
  });
  return indices;
}
