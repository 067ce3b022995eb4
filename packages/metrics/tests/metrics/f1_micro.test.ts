import { expect, it } from 'vitest';
import metric from '../../src/scene/f1_micro.js';
import { multiclass, multilabel } from './small-cases.js';

it('agrees with NumPy on one label a clip and on several', () => {
  expect(metric.compute(multiclass)).toBeCloseTo(0.5833333333333334, 12);
  expect(metric.compute(multilabel)).toBeCloseTo(0.7500000000000001, 12);
});

it('takes thresholds for several labels a clip, and none for one', () => {
  expect(metric.chooseThresholds?.(multiclass)).toBeUndefined();
  expect(metric.chooseThresholds?.(multilabel)).toEqual([0.57, 0.41, 0.46]);
  const none = metric.compute({ ...multilabel, thresholds: [2, 2, 2] });
  expect(none).toBe(0);
});
