import { OptionError } from '@hearken/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bootstrapInterval, pairedBootstrapTest } from '../../src/statistics/bootstrap.js';
import { mean, quantile, standardDeviation } from '../../src/statistics/summary.js';
import { pairedPermutationTest, signFlipTest } from '../../src/statistics/permutation.js';

/** A small seeded generator (Park and Miller's), for tests only. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

const meanOf = (values: readonly number[]) => (indices: Int32Array) =>
  mean(Array.from(indices, (index) => values[index]));

describe('summary', () => {
  it('computes the mean and the sample standard deviation', () => {
    expect(mean([1, 2, 4])).toBeCloseTo(7 / 3, 15);
    expect(standardDeviation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(2.138089935299395, 12);
    expect([mean([]), standardDeviation([1])]).toEqual([NaN, NaN]);
  });

  it('interpolates quantiles linearly', () => {
    expect([0, 0.25, 0.5, 0.75, 1].map((level) => quantile([1, 2, 4, 8], level))).toEqual([1, 1.75, 3, 5, 8]);
    expect(quantile([5], 0.3)).toBe(5);
  });
});

describe('bootstrapInterval', () => {
  it('holds the mean of clips that are alike, and is wider for fewer clips', () => {
    const values = Array.from({ length: 400 }, (_, index) => index % 2);
    const many = bootstrapInterval(400, meanOf(values), { random: seeded(1) });
    const few = bootstrapInterval(40, meanOf(values), { random: seeded(1) });
    // Normal approximation: 1.96 * 0.5 / sqrt(n) on either side.
    expect(many?.low).toBeCloseTo(0.5 - 0.049, 2);
    expect(many?.high).toBeCloseTo(0.5 + 0.049, 2);
    expect((few?.high ?? 0) - (few?.low ?? 0)).toBeGreaterThan(2 * ((many?.high ?? 0) - (many?.low ?? 0)));
  });

  it('gives the same interval for the same random numbers, another for others', () => {
    const values = [0.1, 0.7, 0.4, 0.9, 0.2];
    const interval = (seed: number) => bootstrapInterval(5, meanOf(values), { random: seeded(seed), samples: 50 });
    expect(interval(3)).toEqual(interval(3));
    expect(interval(3)).not.toEqual(interval(4));
  });

  it('stays between the smallest and the largest value, and a higher level is no narrower', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 1, maxLength: 10 }),
        (values) => {
          const interval = (level: number) =>
            bootstrapInterval(values.length, meanOf(values), { random: seeded(7), samples: 60, level });
          const [narrow, wide] = [interval(0.5), interval(0.95)];
          if (narrow === null || wide === null) throw new Error('no interval');
          expect(wide.low).toBeGreaterThanOrEqual(Math.min(...values) - 1e-9);
          expect(wide.high).toBeLessThanOrEqual(Math.max(...values) + 1e-9);
          expect(wide.low).toBeLessThanOrEqual(narrow.low);
          expect(wide.high).toBeGreaterThanOrEqual(narrow.high);
        },
      ),
    );
  });

  it('leaves out resamples in which the statistic is undefined, and says how many remain', () => {
    let call = 0;
    const everySecond = () => (call++ % 2 === 0 ? 1 : null);
    expect(bootstrapInterval(3, everySecond, { random: seeded(1), samples: 10 })).toEqual({
      low: 1,
      high: 1,
      level: 0.95,
      samples: 5,
    });
    expect(bootstrapInterval(3, () => null, { random: seeded(1) })).toBeNull();
  });

  it('refuses no clips, no samples and levels that are no share', () => {
    const random = seeded(1);
    expect(() => bootstrapInterval(0, () => 1, { random })).toThrow(OptionError);
    expect(() => bootstrapInterval(2, () => 1, { random, samples: 0 })).toThrow(OptionError);
    expect(() => bootstrapInterval(2, () => 1, { random, level: 95 })).toThrow(OptionError);
  });
});

describe('pairedBootstrapTest', () => {
  it('trusts a difference that every clip shows, and not one that half the clips contradict', () => {
    const clear = pairedBootstrapTest(30, meanOf(Array.from({ length: 30 }, (_, index) => 1 + (index % 3))), {
      random: seeded(2),
    });
    expect(clear?.difference).toBe(2);
    expect(clear?.pValue).toBeCloseTo(2 / 1001, 12);
    expect(clear?.interval.low).toBeGreaterThan(0);
    const unclear = pairedBootstrapTest(30, meanOf(Array.from({ length: 30 }, (_, index) => (index % 2 ? 1 : -1))), {
      random: seeded(2),
    });
    expect(unclear?.pValue).toBeGreaterThan(0.5);
  });

  it('finds no difference between a model and itself', () => {
    expect(pairedBootstrapTest(8, () => 0, { random: seeded(1) })).toMatchObject({ difference: 0, pValue: 1 });
  });
});

describe('permutation tests', () => {
  it('tries every exchange where there are few, as by hand', () => {
    // 4 of 2^3 sign patterns reach the observed mean of 1 or -1: all plus, all minus, and those that flip the zero.
    expect(signFlipTest([2, 1, 0], { random: seeded(1) })).toEqual({
      difference: 1,
      pValue: 4 / 8,
      samples: 8,
      exact: true,
    });
    expect(signFlipTest([1, 1, 1, 1], { random: seeded(1) }).pValue).toBe(2 / 16);
  });

  it('counts ties whose sums differ in the last digit', () => {
    expect(signFlipTest([0.1, 0.2, 0.3], { random: seeded(1) }).pValue).toBe(2 / 8);
    expect(signFlipTest([0.3, 0.1, 0.2, -0.1], { random: seeded(1) }).pValue).toBe(signFlipTest([3, 1, 2, -1], { random: seeded(1) }).pValue); // prettier-ignore
  });

  it('draws exchanges where there are many, near the exact answer', () => {
    const differences = [1, 1, 1, 1, 1, 1, -1, 1, -1, 1, 1, -1];
    const exact = signFlipTest(differences, { random: seeded(5) });
    const drawn = signFlipTest(differences, { random: seeded(5), samples: 4000 });
    expect([exact.exact, drawn.exact]).toEqual([true, false]);
    expect(drawn.pValue).toBeCloseTo(exact.pValue, 1);
  });

  it('counts what is observed among the exchanges drawn, so that no p-value is 0', () => {
    const differences = Array.from({ length: 60 }, () => 1);
    const result = signFlipTest(differences, { random: seeded(3), samples: 99 });
    expect(result).toEqual({ difference: 1, pValue: 1 / 100, samples: 100, exact: false });
  });

  it('gives a p-value in (0, 1] that does not depend on the order or sign of the differences', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 8 }), (differences) => {
        const { pValue } = signFlipTest(differences, { random: seeded(9) });
        expect(pValue).toBeGreaterThan(0);
        expect(pValue).toBeLessThanOrEqual(1);
        expect(signFlipTest(differences.toReversed(), { random: seeded(9) }).pValue).toBe(pValue);
        const opposite = differences.map((value) => -value);
        expect(signFlipTest(opposite, { random: seeded(9) }).pValue).toBe(pValue);
      }),
    );
  });

  it('exchanges the models of any statistic, and leaves out what is undefined', () => {
    const random = seeded(1);
    const result = pairedPermutationTest(2, (swapped) => (swapped[0] === 1 ? null : 1 - 2 * swapped[1]), { random });
    expect(result).toEqual({ difference: 1, pValue: 1, samples: 2, exact: true });
    expect(pairedPermutationTest(2, () => null, { random })).toBeNull();
    expect(() => signFlipTest([Number.NaN], { random })).toThrow(OptionError);
    expect(() => signFlipTest([], { random })).toThrow(OptionError);
  });
});
