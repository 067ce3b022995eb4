import { expect, it } from 'vitest';
import metric from '../../src/scene/ece.js';
import { multiclass, multilabel } from './small-cases.js';

it('agrees with NumPy on one label a clip and on several', () => {
  expect(metric.compute(multiclass)).toBeCloseTo(0.13616666666666666, 12);
  expect(metric.compute(multilabel)).toBeCloseTo(0.2841666666666667, 12);
});

it('is 0 where every answer is as often right as it says', () => {
  const predictions = Float64Array.from(Array.from({ length: 4 }, () => [0.75, 0.25]).flat());
  expect(metric.compute({ predictions, targets: Uint8Array.of(1, 0, 1, 0, 1, 0, 0, 1), labels: ['a', 'b'] })).toBe(0);
});
