import { expect, it } from 'vitest';
import metric from '../../src/scene/specificity.js';
import { multilabel } from './small-cases.js';

const ofB = { ...multilabel, settings: { positiveLabel: 'b' } };

it('agrees with NumPy at the threshold of the largest Youden index, and at 0.5', () => {
  const thresholds = metric.chooseThresholds?.(ofB);
  expect(thresholds).toEqual([0.58, 0.41, 0.48]);
  expect(metric.compute({ ...ofB, thresholds })).toBeCloseTo(0.5714285714285714, 12);
  expect(metric.compute(ofB)).toBeCloseTo(0.7142857142857143, 12);
});

it('takes the second of two classes as positive, and asks for a name where there are more', () => {
  const two = {
    predictions: Float32Array.of(0.2, 0.8, 0.7, 0.3),
    targets: Uint8Array.of(0, 1, 1, 0),
    labels: ['no', 'yes'],
  };
  expect(metric.compute(two)).toBe(1);
  const task = { labels: ['a', 'b', 'c'], predictionType: 'multiclass' } as const;
  expect(metric.missing?.({ ...task, settings: {} })?.fix).toContain('positive_label to one of a, b, c');
  expect(metric.missing?.({ ...task, settings: { positiveLabel: 'd' } })?.found).toContain("no label 'd'");
  expect(metric.missing?.({ ...task, settings: { positiveLabel: 'b' } })).toBeUndefined();
  expect(metric.compute(multilabel)).toBeNull();
});
