import { expect, it } from 'vitest';
import metric from '../../src/scene/brier.js';
import { multiclass, multilabel } from './small-cases.js';

it('agrees with NumPy on one label a clip and on several', () => {
  expect(metric.compute(multiclass)).toBeCloseTo(0.45626833333333333, 12);
  expect(metric.compute(multilabel)).toBeCloseTo(0.1866416666666667, 12);
});

it('is halved for two classes, and undefined for what is no probability', () => {
  const two = { targets: Uint8Array.of(1, 0, 0, 1), labels: ['a', 'b'] };
  expect(metric.compute({ ...two, predictions: Float32Array.of(0.75, 0.25, 0.5, 0.5) })).toBe((0.0625 + 0.25) / 2);
  expect(metric.compute({ ...two, predictions: Float32Array.of(3, -3, 0.5, 0.5) })).toBeNull();
});
