import { OptionError } from '@hearken/core';
import { normalQuantile } from '../metrics/normal-quantile.js';
import { twoSidedTail } from './normal-tail.js';

/** An area under the ROC curve and how far it can be trusted. */
export interface DelongInterval {
  /** The area, 0 to 1; 0.5 is chance. */
  readonly area: number;
  /** Its standard error. */
  readonly standardError: number;
  /** Within [0, 1]. Where the ranking is perfect the standard error is 0, and so is the interval's length. */
  readonly low: number;
  /** Its upper end, at most 1. */
  readonly high: number;
  /** Its confidence level. */
  readonly level: number;
}

/** Two areas on the same clips. */
export interface DelongTest {
  /** The two areas, in the order in which they were given. */
  readonly areas: readonly [number, number];
  /** First less second. */
  readonly difference: number;
  /** Of the difference. */
  readonly standardError: number;
  /** The difference over its standard error. */
  readonly z: number;
  /** Two-sided. */
  readonly pValue: number;
}

/**
 * A confidence interval of one label's area under the ROC curve, by the asymptotic normal distribution of the area.
 * Source: E. DeLong, D. DeLong, D. Clarke-Pearson, "Comparing the areas under two or more correlated receiver operating
 * characteristic curves: a nonparametric approach", Biometrics 44 (1988); computed from midranks as X. Sun and W. Xu,
 * "Fast implementation of DeLong's algorithm", IEEE Signal Processing Letters 21 (2014), in n log n steps.
 *
 * @param scores of each clip, more for likelier: `[n]`
 * @param positive 1 where the clip has the label: `[n]`
 * @param level default 0.95
 * @returns null with fewer than two clips on one side, and for scores that are not finite
 */
export function delongInterval(
  scores: ArrayLike<number>,
  positive: ArrayLike<number>,
  level = 0.95,
): DelongInterval | null {
  checkLevel(level);
  const own = placements(scores, positive);
  if (own === null) return null;
  return areaInterval(own.area, Math.sqrt(covariance(own, own)), level);
}

/**
 * The interval of a mean of areas of independent test splits.
 *
 * @returns null where there is none, or one of them is null
 */
export function meanDelongInterval(folds: readonly (DelongInterval | null)[]): DelongInterval | null {
  const known = folds.filter((fold) => fold !== null);
  if (known.length === 0 || known.length < folds.length) return null;
  const area = known.reduce((sum, fold) => sum + fold.area, 0) / known.length;
  const variance = known.reduce((sum, { standardError }) => sum + standardError ** 2, 0) / known.length ** 2;
  return areaInterval(area, Math.sqrt(variance), known[0].level);
}

/**
 * Compares two models' areas under the ROC curve on the same clips, whose scores are correlated: DeLong's paired test.
 * For the source see {@link delongInterval}.
 *
 * @param first one model's scores: `[n]`
 * @param second the other's, clip by clip
 * @param positive 1 where the clip has the label: `[n]`
 * @returns null with fewer than two clips on one side, for scores that are not finite, and where two different areas have
 *   no variance to hold their difference against
 */
export function delongTest(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  positive: ArrayLike<number>,
): DelongTest | null {
  const [own, other] = [placements(first, positive), placements(second, positive)];
  if (own === null || other === null) return null;
  const difference = own.area - other.area;
  const variance = covariance(own, own) + covariance(other, other) - 2 * covariance(own, other);
  // Models that rank alike differ by rounding alone.
  const standardError = Math.sqrt(Math.max(0, variance));
  const alike = Math.abs(difference) < 1e-12;
  if (standardError < 1e-12 && !alike) return null;
  const z = alike ? 0 : difference / standardError;
  return { areas: [own.area, other.area], difference, standardError, z, pValue: twoSidedTail(z) };
}

/** What each clip adds to an area: DeLong's structural components. */
interface Placements {
  readonly area: number;
  /** For each positive clip the share of negative ones below it. */
  readonly ofPositives: Float64Array;
  /** For each negative clip the share of positive ones above it. */
  readonly ofNegatives: Float64Array;
}

function placements(scores: ArrayLike<number>, positive: ArrayLike<number>): Placements | null {
  if (scores.length !== positive.length) {
    throw new OptionError({
      asked: 'the area under a ROC curve',
      found: `${scores.length} scores and ${positive.length} labels`,
      fix: 'pass one score and one label for each clip',
    });
  }
  const sides: [number[], number[]] = [[], []];
  for (let clip = 0; clip < scores.length; clip += 1) {
    if (!Number.isFinite(scores[clip])) return null;
    sides[positive[clip] === 1 ? 1 : 0].push(scores[clip]);
  }
  const [negatives, positives] = sides;
  if (positives.length < 2 || negatives.length < 2) return null;
  const all = midranks([...positives, ...negatives]);
  const among = { positives: midranks(positives), negatives: midranks(negatives) };
  const ofPositives = among.positives.map((rank, index) => (all[index] - rank) / negatives.length);
  const ofNegatives = among.negatives.map(
    (rank, index) => 1 - (all[positives.length + index] - rank) / positives.length,
  );
  return { area: meanOf(ofPositives), ofPositives, ofNegatives };
}

/** Ranks from 1 for the lowest, equal values sharing their mean rank. */
function midranks(values: readonly number[]): Float64Array {
  const order = Uint32Array.from(values.keys()).sort((left, right) => values[left] - values[right]);
  const ranks = new Float64Array(values.length);
  for (let first = 0; first < order.length;) {
    let end = first + 1;
    while (end < order.length && values[order[end]] === values[order[first]]) end += 1;
    for (let place = first; place < end; place += 1) ranks[order[place]] = (first + 1 + end) / 2;
    first = end;
  }
  return ranks;
}

/** Covariance of two areas. */
function covariance(own: Placements, other: Placements): number {
  return (
    sampleCovariance(own.ofPositives, other.ofPositives) / own.ofPositives.length +
    sampleCovariance(own.ofNegatives, other.ofNegatives) / own.ofNegatives.length
  );
}

function sampleCovariance(own: Float64Array, other: Float64Array): number {
  const [centre, otherCentre] = [meanOf(own), meanOf(other)];
  let sum = 0;
  for (let index = 0; index < own.length; index += 1) sum += (own[index] - centre) * (other[index] - otherCentre);
  return sum / (own.length - 1);
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function areaInterval(area: number, standardError: number, level: number): DelongInterval {
  const reach = normalQuantile((1 + level) / 2) * standardError;
  return { area, standardError, low: Math.max(0, area - reach), high: Math.min(1, area + reach), level };
}

function checkLevel(level: number): void {
  if (level > 0 && level < 1) return;
  throw new OptionError({
    asked: 'a confidence level',
    found: String(level),
    fix: 'pass a share between 0 and 1, such as 0.95',
  });
}
