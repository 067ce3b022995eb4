import { expect, it } from 'vitest';
import metric from '../../src/scene/auprc.js';
import { multiclass, multilabel } from './small-cases.js';

it('agrees with NumPy on one label a clip and on several', () => {
  expect(metric.compute(multiclass)).toBeCloseTo(0.8384920634920635, 12);
  expect(metric.compute(multilabel)).toBeCloseTo(0.840925925925926, 12);
});

it('is that of the positive label where one is named, and undefined for a label without positive clip', () => {
  const named = metric.compute({ ...multilabel, settings: { positiveLabel: 'b' } });
  expect(named).toBeCloseTo(0.7116666666666668, 12);
  expect(metric.compute({ ...multilabel, targets: new Uint8Array(multilabel.targets.length) })).toBeNull();
});
