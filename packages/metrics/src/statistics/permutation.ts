import { OptionError } from '@hearken/core';
import { checkCount, type DrawOptions } from './draws.js';

/** First model's score less the second's, with the two models' answers exchanged on the clips where `swapped` is 1; null where undefined. */
export type SwappedDifference = (swapped: Uint8Array) => number | null;

/** A difference, and how often chance gives one as large. */
export interface PermutationResult {
  /** The difference with nothing exchanged. */
  readonly difference: number;
  /** Two-sided: the share of exchanges whose difference is at least as far from zero. */
  readonly pValue: number;
  /** Exchanges tried; all of them where that is no more than were asked for. */
  readonly samples: number;
  /** Whether every exchange was tried, so that the p-value is no estimate. */
  readonly exact: boolean;
}

/**
 * Paired permutation test: were the two models alike, exchanging their answers on any clips would change nothing but chance.
 * Every exchange is tried where there are no more than `samples` (default 10000); else random ones,
 * the observed difference counting as one of them, so that the p-value is never 0.
 * Source: P. Good, "Permutation, Parametric, and Bootstrap Tests of Hypotheses" (2005), section 3.7 (matched pairs).
 *
 * @param count number of clips
 * @returns null where the difference is undefined with nothing exchanged
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
  // What is observed is one of all exchanges, and is added to random ones.
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
 * Sign-flip test of the mean difference: {@link pairedPermutationTest} for scores that are means over clips, such as accuracy.
 *
 * @param differences first model's score less the second's for every clip
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
