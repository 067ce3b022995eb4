import { OptionError } from '@hearken/core';
import { checkCount, drawWithReplacement, type DrawOptions } from './draws.js';
import { quantile } from './summary.js';

/** A statistic of the clips at `indices`, which may occur more than once; null if it is undefined for them. */
export type ClipStatistic = (indices: Int32Array) => number | null;

export interface BootstrapOptions extends DrawOptions {
  /** Share of the resamples that the interval contains; default: 0.95. */
  readonly level?: number;
}

/** The range of a statistic in most resamples. */
export interface ConfidenceInterval {
  /** Its lower end. */
  readonly low: number;
  /** Its upper end. */
  readonly high: number;
  /** Share of the resamples that it contains. */
  readonly level: number;
  /** Number of resamples in which the statistic was defined; the interval is over these. */
  readonly samples: number;
}

/**
 * A percentile bootstrap interval over clips: clips are drawn with replacement, the statistic is computed each time,
 * and the middle `level` of the values is kept. It shows the effect of other test clips, not of other training runs.
 * Source: B. Efron, R. Tibshirani, "An Introduction to the Bootstrap" (1993), section 13.3.
 *
 * @param count number of clips
 * @returns null if the statistic is undefined in every resample
 * @throws OptionError for counts below 1 and levels outside (0, 1)
 */
export function bootstrapInterval(
  count: number,
  statistic: ClipStatistic,
  options: BootstrapOptions,
): ConfidenceInterval | null {
  return percentileInterval(bootstrapValues(count, statistic, options), options);
}

/** A difference between two models on the same clips, and its uncertainty. */
export interface PairedDifference {
  /** First model's score minus the second's, on the original clips. */
  readonly difference: number;
  /** The range of the difference in most resamples. */
  readonly interval: ConfidenceInterval;
  /** Two-sided: how often the resamples contradict the difference's sign, doubled. */
  readonly pValue: number;
}

/**
 * Compares two models on the same clips by resampling the clips; both models are scored on the same draws. The p-value
 * is twice the share of the resamples on the other side of zero, counting one more resample for either side, so that it
 * is never 0. Source: B. Efron, R. Tibshirani, "An Introduction to the Bootstrap" (1993), section 15.4 (inverting the
 * percentile interval).
 *
 * @param difference first model's score minus the second's on the clips at `indices`
 * @returns null if the difference is undefined on the original clips or in every resample
 */
export function pairedBootstrapTest(
  count: number,
  difference: ClipStatistic,
  options: BootstrapOptions,
): PairedDifference | null {
  const values = bootstrapValues(count, difference, options);
  const interval = percentileInterval(values, options);
  const observed = difference(Int32Array.from({ length: count }, (_, index) => index));
  if (observed === null || interval === null) return null;
  const notAbove = values.filter((value) => value <= 0).length;
  const notBelow = values.filter((value) => value >= 0).length;
  return {
    difference: observed,
    interval,
    pValue: Math.min(1, (2 * (Math.min(notAbove, notBelow) + 1)) / (values.length + 1)),
  };
}

function bootstrapValues(count: number, statistic: ClipStatistic, options: DrawOptions): Float64Array {
  const { samples = 1000, random } = options;
  checkCount('clips to resample', count);
  checkCount('bootstrap samples', samples);
  const indices = new Int32Array(count);
  const values = new Float64Array(samples);
  let defined = 0;
  for (let sample = 0; sample < samples; sample += 1) {
    drawWithReplacement(indices, random);
    const value = statistic(indices);
    if (value === null) continue;
    values[defined] = value;
    defined += 1;
  }
  return values.subarray(0, defined);
}

function percentileInterval(values: Float64Array, { level = 0.95 }: BootstrapOptions): ConfidenceInterval | null {
  if (!(level > 0 && level < 1)) {
    throw new OptionError({
      asked: 'a confidence level',
      found: String(level),
      fix: 'pass a share between 0 and 1, such as 0.95',
    });
  }
  if (values.length === 0) return null;
  const sorted = values.toSorted();
  const outside = (1 - level) / 2;
  return { low: quantile(sorted, outside), high: quantile(sorted, 1 - outside), level, samples: sorted.length };
}
