import { OptionError } from '@hearken/core';

/** A source of random numbers in [0, 1); pass a seeded one, so that the same run gives the same interval. */
export type RandomSource = () => number;

/** How many bootstrap samples or permutations to draw, and with which random numbers. */
export interface DrawOptions {
  /** Source of random numbers: a seeded `Random` makes it reproducible. */
  readonly random: RandomSource;
  /** Number of bootstrap samples or permutations; default: 1000. */
  readonly samples?: number;
}

/** @throws OptionError unless `value` is a positive integer */
export function checkCount(what: string, value: number): void {
  if (Number.isSafeInteger(value) && value > 0) return;
  throw new OptionError({ asked: what, found: String(value), fix: 'pass an integer of 1 or more' });
}

/** Fills `indices` with draws from 0 to its length, with replacement. */
export function drawWithReplacement(indices: Int32Array, random: RandomSource): void {
  for (let index = 0; index < indices.length; index += 1) indices[index] = Math.floor(random() * indices.length);
}
