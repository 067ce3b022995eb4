/**
 * A metric of weighted answers: a resample without copying the answers. Equal to the metric itself on a list in which
 * each answer occurs as often as its weight says.
 */
export interface WeightedMetric {
  /** Number of answers: the clips of one model, or of several, one after another. */
  readonly count: number;
  /**
   * Approximate number of steps of a few nanoseconds per scoring, which determines how many resamples are affordable.
   */
  readonly cost: number;
  /**
   * @param weights how often each answer counts: `[count]`
   * @returns the score, or null if it is undefined
   */
  score(weights: Uint16Array): number | null;
}

/**
 * How many of the `wanted` resamples are affordable; depends on the cost, never on the clock, so that results are
 * reproducible.
 */
export function affordableSamples(metrics: readonly WeightedMetric[], wanted: number, least: number): number {
  const cost = metrics.reduce((sum, metric) => sum + metric.cost, 0);
  return Math.max(Math.min(wanted, least), Math.min(wanted, Math.floor(affordableSteps / cost)));
}

/** A few seconds. */
export const affordableSteps = 2e9;

/** The answers as a list in which each occurs as often as its weight says. */
export function indicesOf(weights: Uint16Array): Int32Array {
  const indices = new Int32Array(weights.reduce((sum, weight) => sum + weight, 0));
  let end = 0;
  weights.forEach((weight, index) => {
    indices.fill(index, end, end + weight);
    end += weight;
  });
  return indices;
}
