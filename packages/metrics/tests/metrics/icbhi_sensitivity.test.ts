import { expect, it } from 'vitest';
import metric from '../../src/scene/icbhi_sensitivity.js';
import { multiclass } from './small-cases.js';

it('agrees with NumPy, whichever way the normal label is found', () => {
  const named = { ...multiclass, settings: { normalLabel: 'b' } };
  expect(metric.compute(named)).toBeCloseTo(0.5, 12);
  expect(metric.compute({ ...multiclass, labels: ['crackle', 'Normal', 'wheeze'] })).toBe(metric.compute(named));
});

it('asks for a normal label and one label a clip', () => {
  const task = { labels: ['a', 'b'], predictionType: 'multiclass', settings: {} } as const;
  expect(metric.missing?.(task)?.found).toContain("no label 'normal'");
  expect(metric.missing?.({ ...task, predictionType: 'multilabel' })?.found).toContain('multilabel');
  expect(metric.missing?.({ ...task, settings: { normalLabel: 'a' } })).toBeUndefined();
});
