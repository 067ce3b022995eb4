import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../src/random.js';

const draw = (count: number, next: () => number) => Array.from({ length: count }, next);

describe('Random', () => {
  it('repeats with its seed and differs without', () => {
    const bits = (seed: number) => {
      const random = new Random(seed);
      return draw(8, () => random.bits());
    };
    expect(bits(7)).toEqual(bits(7));
    expect(bits(7)).not.toEqual(bits(8));
    expect(bits(7)).not.toEqual(bits(7 + 2 ** 32));
    // Any change of the generator changes every mini task: this is meant to fail then.
    expect(bits(0)).toMatchInlineSnapshot(`
      [
        3809008728,
        1133695204,
        53579671,
        2891528803,
        139681546,
        2203266335,
        104831812,
        1587294886,
      ]
    `);
  });

  it('is uniform in its ranges', () => {
    const random = new Random(1);
    const values = draw(100_000, () => random.uniform(2, 6));
    expect(Math.min(...values.slice(0, 50_000))).toBeGreaterThanOrEqual(2);
    expect(Math.max(...values.slice(0, 50_000))).toBeLessThan(6);
    expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(4, 1);
    const counts = new Array<number>(7).fill(0);
    for (let index = 0; index < 70_000; index += 1) counts[random.integer(7)] += 1;
    // Six degrees of freedom: 22.5 is passed once in a thousand seeds.
    expect(counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)).toBeLessThan(22.5);
  });

  it('has normal values of mean 0 and deviation 1', () => {
    const random = new Random(2);
    const values = draw(200_000, () => random.normal());
    const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / values.length;
    expect(Math.abs(moment(1))).toBeLessThan(0.01);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.015);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.12);
  });

  it('shuffles without losing anything', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.nat(), (items, seed) => {
        const sorted = (list: number[]) => [...list].sort((left, right) => left - right);
        expect(sorted(new Random(seed).shuffle(items))).toEqual(sorted(items));
      }),
    );
  });
});
