import { OptionError } from '@hearken/core';
import { twoSidedTail } from './normal-tail.js';
import { studentTail } from './incomplete-beta.js';
import { adjustedSize, areaSize, checkLevel, shareInterval } from './share-interval.js';

/** An area under the ROC curve and its uncertainty. */
export interface DelongInterval {
  /** The area, 0 to 1; 0.5 is chance. */
  readonly area: number;
  /** Its standard error. */
  readonly standardError: number;
  /** Within [0, 1]; below the area even for a perfect ranking, whose standard error is 0. */
  readonly low: number;
  /** Its upper end, at most 1. */
  readonly high: number;
  /** Its confidence level. */
  readonly level: number;
  /** Number of independent answers that the area is worth, from which the interval follows. */
  readonly size: number;
  /** Degrees of freedom of the standard error. */
  readonly degrees: number;
}

/** Two areas on the same clips. */
export interface DelongTest {
  /** The two areas, in the given order. */
  readonly areas: readonly [number, number];
  /** First minus second. */
  readonly difference: number;
  /** Of the difference. */
  readonly standardError: number;
  /** The difference divided by its standard error. */
  readonly z: number;
  /** Two-sided. */
  readonly pValue: number;
}

/**
 * A confidence interval of one label's area under the ROC curve. DeLong's standard error gives the number of
 * independent answers that the area is worth (at most that of Hanley and McNeil's formula, which is valid near 1), and
 * the interval is that of a share of that many answers, so that it keeps its level near 1 and stays within [0, 1].
 * Source of the standard error: E. DeLong, D. DeLong, D. Clarke-Pearson, "Comparing the areas under two or more
 * correlated receiver operating characteristic curves: a nonparametric approach", Biometrics 44 (1988); computed from
 * midranks as X. Sun and W. Xu, "Fast implementation of DeLong's algorithm", IEEE Signal Processing Letters 21 (2014),
 * in n log n steps.
 *
 * @param scores of each clip, higher for likelier: `[n]`
 * @param positive 1 if the clip has the label: `[n]`
 * @param level default 0.95
 * @param groups the group of each clip, for clips that are not independent: the variance is then that of the groups'
 *   sums (N. Obuchowski, "Nonparametric analysis of clustered ROC curve data", Biometrics 53, 1997)
 * @returns null with fewer than two clips on one side or two groups, and for scores that are not finite
 */
export function delongInterval(
  scores: ArrayLike<number>,
  positive: ArrayLike<number>,
  level = 0.95,
  groups?: ArrayLike<number>,
): DelongInterval | null {
  checkLevel(level);
  const placed = placements(scores, positive);
  if (placed === null) return null;
  const { area, ofPositives, ofNegatives } = placed;
  if (groups === undefined) {
    const hanley = areaSize(area, ofPositives.length, ofNegatives.length);
    const degrees = ofPositives.length + ofNegatives.length - 2;
    return areaInterval(area, Math.sqrt(covariance(placed, placed)), { hanley, degrees, level });
  }
  const sides = [new Set<number>(), new Set<number>()];
  for (let clip = 0; clip < scores.length; clip += 1) sides[positive[clip] === 1 ? 1 : 0].add(groups[clip]);
  const count = new Set([...sides[0], ...sides[1]]).size;
  if (count < 2) return null;
  const shares = groupShares(placed, positive, groups);
  const isPerfect = area === 0 || area === 1;
  // If all pairs agree, nothing shows how similar the clips of a group are: each group counts once.
  const [positives, negatives] = isPerfect ? [sides[1].size, sides[0].size] : [ofPositives.length, ofNegatives.length];
  const hanley = areaSize(area, positives, negatives);
  return areaInterval(area, Math.sqrt(groupVariance(shares)), { hanley, degrees: count - 1, level });
}

/**
 * The interval of a mean of areas of independent test splits.
 *
 * @returns null if there are none, or one of them is null
 */
export function meanDelongInterval(folds: readonly (DelongInterval | null)[]): DelongInterval | null {
  const known = folds.filter((fold) => fold !== null);
  if (known.length === 0 || known.length < folds.length) return null;
  if (known.length === 1) return known[0];
  const area = known.reduce((sum, fold) => sum + fold.area, 0) / known.length;
  const variance = known.reduce((sum, { standardError }) => sum + standardError ** 2, 0) / known.length ** 2;
  const hanley = known.length ** 2 / known.reduce((sum, { size }) => sum + 1 / size, 0);
  const degrees = known.reduce((sum, fold) => sum + fold.degrees, 0);
  return areaInterval(area, Math.sqrt(variance), { hanley, degrees, level: known[0].level });
}

/**
 * Compares two models' areas under the ROC curve on the same clips, whose scores are correlated: DeLong's paired test.
 * For the source see {@link delongInterval}.
 *
 * @param first one model's scores: `[n]`
 * @param second the other's, clip by clip
 * @param positive 1 if the clip has the label: `[n]`
 * @param groups the group of each clip, for clips that are not independent, as in {@link delongInterval}; the
 *   difference is then compared with Student's t distribution
 * @returns null with fewer than two clips on one side or two groups, for scores that are not finite, and if two
 *   different areas have no variance to compare their difference with
 */
export function delongTest(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  positive: ArrayLike<number>,
  groups?: ArrayLike<number>,
): DelongTest | null {
  const [ofFirst, ofSecond] = [placements(first, positive), placements(second, positive)];
  if (ofFirst === null || ofSecond === null) return null;
  const difference = ofFirst.area - ofSecond.area;
  const shares = groups && [ofFirst, ofSecond].map((one) => groupShares(one, positive, groups));
  const differences = shares?.[0].map((share, group) => share - shares[1][group]);
  if (differences !== undefined && differences.length < 2) return null;
  const variance =
    differences === undefined
      ? covariance(ofFirst, ofFirst) + covariance(ofSecond, ofSecond) - 2 * covariance(ofFirst, ofSecond)
      : groupVariance(differences);
  // Models with the same ranking only differ by rounding.
  const standardError = Math.sqrt(Math.max(0, variance));
  const alike = Math.abs(difference) < 1e-12;
  if (standardError < 1e-12 && !alike) return null;
  const z = alike ? 0 : difference / standardError;
  const pValue = differences === undefined ? twoSidedTail(z) : studentTail(z, differences.length - 1);
  return { areas: [ofFirst.area, ofSecond.area], difference, standardError, z, pValue };
}

/** Each group's contribution to the error of an area, centred at 0: in the order of the groups' first occurrence. */
function groupShares(
  { area, ofPositives, ofNegatives }: Placements,
  positive: ArrayLike<number>,
  groups: ArrayLike<number>,
): number[] {
  const sums = new Map<number, number>();
  let [positives, negatives] = [0, 0];
  for (let clip = 0; clip < positive.length; clip += 1) {
    const share =
      positive[clip] === 1
        ? (ofPositives[positives++] - area) / ofPositives.length
        : (ofNegatives[negatives++] - area) / ofNegatives.length;
    sums.set(groups[clip], (sums.get(groups[clip]) ?? 0) + share);
  }
  return [...sums.values()];
}

/** The variance of a sum of independent contributions of groups, whose mean is 0. */
function groupVariance(shares: readonly number[]): number {
  return (shares.reduce((sum, share) => sum + share ** 2, 0) * shares.length) / (shares.length - 1);
}

/** Each clip's contribution to an area: DeLong's structural components. */
interface Placements {
  readonly area: number;
  /** For each positive clip, the share of negative ones below it. */
  readonly ofPositives: Float64Array;
  /** For each negative clip, the share of positive ones above it. */
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

/** Ranks from 1 for the lowest; equal values get their mean rank. */
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
function covariance(one: Placements, other: Placements): number {
  return (
    sampleCovariance(one.ofPositives, other.ofPositives) / one.ofPositives.length +
    sampleCovariance(one.ofNegatives, other.ofNegatives) / one.ofNegatives.length
  );
}

function sampleCovariance(one: Float64Array, other: Float64Array): number {
  const [centre, otherCentre] = [meanOf(one), meanOf(other)];
  let sum = 0;
  for (let index = 0; index < one.length; index += 1) sum += (one[index] - centre) * (other[index] - otherCentre);
  return sum / (one.length - 1);
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function areaInterval(
  area: number,
  standardError: number,
  { hanley, degrees, level }: { readonly hanley: number; readonly degrees: number; readonly level: number },
): DelongInterval {
  const measured = standardError > 0 ? (area * (1 - area)) / standardError ** 2 : Infinity;
  const size = Math.min(measured, hanley);
  const { low, high } = shareInterval(area, adjustedSize(size, degrees, level), level);
  return { area, standardError, low, high, level, size, degrees };
}
