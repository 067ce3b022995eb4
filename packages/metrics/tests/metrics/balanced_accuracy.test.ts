import { expect, it } from 'vitest';
import metric from '../../src/scene/balanced_accuracy.js';
import { multiclass, multilabel } from './small-cases.js';

it('agrees with NumPy on one label a clip and on several', () => {
  expect(metric.compute(multiclass)).toBeCloseTo(0.5611111111111111, 12);
  expect(metric.compute(multilabel)).toBeCloseTo(0.7801587301587302, 12);
});

it('takes the thresholds of the largest Youden indices, and is undefined for a label on one side', () => {
  expect(metric.chooseThresholds?.(multilabel)).toEqual([0.58, 0.41, 0.48]);
  expect(
    metric.compute({ ...multilabel, targets: multilabel.targets.map((_, index) => Number(index % 3 === 0)) }),
  ).toBeNull();
});
