import fc from 'fast-check';
import { expect, it } from 'vitest';
import { normalQuantile } from '../src/normal-quantile.js';

// scipy.special.ndtri, SciPy 1.17: one value or more for each of the three approximations.
it.each([
  [0.5, 0],
  [0.3, -0.5244005127080409],
  [0.975, 1.959963984540054],
  [0.999, 3.090232306167813],
  [1e-10, -6.361340902404056],
  [1e-300, -37.0470962993612],
])('of %d is %d', (probability, expected) => {
  expect(Math.abs(normalQuantile(probability) - expected)).toBeLessThanOrEqual(1e-14 * Math.max(1, Math.abs(expected)));
});

it('is infinite at 0 and 1, and undefined outside', () => {
  expect([normalQuantile(0), normalQuantile(1)]).toEqual([-Infinity, Infinity]);
  expect([normalQuantile(-0.1), normalQuantile(1.1), normalQuantile(Number.NaN)]).toEqual([NaN, NaN, NaN]);
});

it('rises, and is odd around one half', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 0.499, noNaN: true }), (probability) => {
      expect(normalQuantile(probability)).toBeLessThan(normalQuantile(probability + 0.001));
      expect(normalQuantile(1 - probability)).toBeCloseTo(-normalQuantile(probability), 12);
    }),
  );
});
