import { OptionError } from '@hearken/core';
import { checkCount, type DrawOptions } from './draws.js';

/**
 * First model's score minus the second's, with the two models' answers exchanged on the clips where `swapped` is 1;
 * null if undefined.
 */
export type SwappedDifference = (swapped: Uint8Array) => number | null;

/** A difference, and how often chance gives one as large. */
export interface PermutationResult {
  /** The difference without exchanges. */
  readonly difference: number;
  /** Two-sided: the share of exchanges whose difference is at least as far from zero. */
  readonly pValue: number;
  /** Number of exchanges tried; all of them if there are not more than were asked for. */
  readonly samples: number;
  /** Whether every exchange was tried, so that the p-value is exact. */
  readonly exact: boolean;
}

/**
 * Paired permutation test: if the two models were equally good, exchanging their answers on any clips would only have
 * random effects. Every exchange is tried if there are at most `samples` (default: 10000); otherwise random ones, with
 * the observed difference counting as one of them, so that the p-value is never 0. Source: P. Good, "Permutation,
 * Parametric, and Bootstrap Tests of Hypotheses" (2005), section 3.7 (matched pairs).
 *
 * @param count number of clips
 * @returns null if the difference is undefined without exchanges
 */
export function pairedPermutationTest(
  count: number,
  difference: SwappedDifference,
  options: DrawOptions,
): PermutationResult | null {
  const { samples = 10_000, random } = options;
  checkCount('clips to compare two models on', count);
  checkCount('permutations', samples);
  const swapped = new Uint8Array(count);
  const observed = difference(swapped);
  if (observed === null) return null;
  // Sums in another order differ in the last digits: such ties count as equal.
  const bound = Math.abs(observed) * (1 - 1e-12);
  const exact = count <= 30 && 2 ** count <= samples;
  const exchanges = exact ? 2 ** count : samples;
  // The observed assignment is one of all exchanges, and is added to random ones.
  let asFar = exact ? 0 : 1;
  let tried = asFar;
  for (let exchange = 0; exchange < exchanges; exchange += 1) {
    for (let clip = 0; clip < count; clip += 1) {
      swapped[clip] = exact ? (exchange >> clip) & 1 : Number(random() < 0.5);
    }
    const value = difference(swapped);
    if (value === null) continue;
    tried += 1;
    if (Math.abs(value) >= bound) asFar += 1;
  }
  return { difference: observed, pValue: asFar / tried, samples: tried, exact };
}

/**
 * Sign-flip test of the mean difference: {@link pairedPermutationTest} for scores that are means over clips, such as
 * accuracy.
 *
 * @param differences first model's score minus the second's for every clip
 * @throws OptionError for differences that are not finite
 */
export function signFlipTest(differences: ArrayLike<number>, options: DrawOptions): PermutationResult {
  const count = differences.length;
  const meanDifference = (swapped: Uint8Array) => {
    let sum = 0;
    for (let clip = 0; clip < count; clip += 1) sum += swapped[clip] === 1 ? -differences[clip] : differences[clip];
    return Number.isFinite(sum) ? sum / count : null;
  };
  const result = pairedPermutationTest(count, meanDifference, options);
  if (result !== null) return result;
  throw new OptionError({
    asked: 'a sign-flip test of differences between two models',
    found: 'a difference that is not finite',
    fix: 'leave out clips without a score',
  });
}
