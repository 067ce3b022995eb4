import { expect, it } from 'vitest';
import dPrime from '../../src/scene/d_prime.js';

function score(predictions: number[], targets: number[], width: number): number | null {
  return dPrime.compute({
    predictions: Float64Array.from(predictions),
    targets: Uint8Array.from(targets),
    labels: Array.from({ length: width }, (_, index) => `c${index}`),
  });
}

it('is the mean over labels of each label, not of the mean AUC', () => {
  const targets = [1, 0, 0, 1, 1, 1, 0, 0, 1, 0, 0, 1];
  const predictions = [0.5, 0.2, 0.5, 0.2, 0.5, 0.9, 0.2, 0.2, 0.7, 0.2, 0.7, 0.1];
  expect(score(predictions, targets, 2)).toBeCloseTo(0.19955695134823956, 12);
});

it('is 0 where the order says nothing, and negative where it is upside down', () => {
  expect(score([1, 1, 1, 1], [1, 0, 1, 0], 1)).toBe(0);
  expect(score([1, 3, 4, 2], [1, 0, 0, 1], 1)).toBeNull();
  expect(score([1, 3, 2, 2.5], [1, 0, 0, 1], 1)).toBeLessThan(0);
});

it('is undefined where a label is ranked perfectly', () => {
  expect(score([0.9, 0.1], [1, 0], 1)).toBeNull();
});
