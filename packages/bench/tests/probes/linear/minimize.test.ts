import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minimize, type Minimum } from '../../../src/probes/linear/minimize.js';

function run(
  start: readonly number[],
  inverse: readonly number[],
  gradientAt: (point: Float64Array) => readonly number[],
  maxEvaluations = 500,
): Minimum {
  const steps = minimize(Float64Array.from(start), Float64Array.from(inverse), { tolerance: 1e-14, maxEvaluations });
  let next = steps.next();
  while (next.done !== true) next = steps.next(Float64Array.from(gradientAt(next.value)));
  return next.value;
}

/** Gradient of log(sum of e^x) - p x + 0.01 |x|^2 / 2: convex, and far from quadratic. */
function softGradient(point: Float64Array, shares: readonly number[]): number[] {
  const total = point.reduce((sum, value) => sum + Math.exp(value), 0);
  return Array.from(point, (value, index) => Math.exp(value) / total - shares[index] + 0.01 * value);
}

describe('L-BFGS', () => {
  it('finds the minimum of any bowl, whatever it knows of its shape', () => {
    const bowl = fc.array(
      fc.record({
        centre: fc.double({ min: -5, max: 5, noNaN: true }),
        curvature: fc.double({ min: 0.1, max: 100, noNaN: true }),
        guess: fc.double({ min: 0.01, max: 10, noNaN: true }),
      }),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(bowl, (axes) => {
        const { point } = run(
          axes.map(() => 0),
          axes.map(({ guess }) => guess),
          (at) => axes.map(({ centre, curvature }, index) => curvature * (at[index] - centre)),
        );
        axes.forEach(({ centre }, index) => expect(point[index]).toBeCloseTo(centre, 4));
      }),
    );
  });

  it('goes straight to the minimum with the right curvatures', () => {
    const { point, evaluations, decrement } = run([0, 0], [1 / 4, 1 / 25], (at) => [4 * (at[0] - 3), 25 * (at[1] + 1)]);
    expect([...point]).toEqual([3, -1]);
    expect(evaluations).toBe(2);
    expect(decrement).toBe(0);
  });

  it('finds where the gradient of a function that is no bowl vanishes', () => {
    const shares = [0.7, 0.2, 0.0999, 0.0001];
    const { point } = run([0, 0, 0, 0], [1, 1, 1, 1], (at) => softGradient(at, shares));
    for (const value of softGradient(point, shares)) expect(Math.abs(value)).toBeLessThan(1e-6);
  });

  it('ends at its best point where there is no minimum, or rounding hides it', () => {
    // Always downhill.
    expect(run([0], [1], () => [-1], 50).evaluations).toBeLessThanOrEqual(50);
    // A gradient that never gets smaller than its noise.
    let sign = 1;
    const { point, decrement } = run([1], [1], (at) => [at[0] + (sign = -sign) * 1e-3]);
    expect(Math.abs(point[0])).toBeLessThan(1e-2);
    expect(decrement).toBeGreaterThan(0);
    expect(run([0], [1], () => [Number.NaN]).evaluations).toBe(1);
  });
});
