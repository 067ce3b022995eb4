import { expect, it } from 'vitest';
import metric from '../../src/scene/cinc2020.js';
import { multilabel } from './small-cases.js';

// Made up: the challenge's own weights are no part of this project.
const weights = [
  [1, 0.5, 0.2],
  [0.5, 1, 0.3],
  [0.1, 0.3, 1],
];
const settings = { normalLabel: 'a', cinc2020Weights: { diagnoses: [['a'], ['b'], ['c']], weights } };
const scores = { ...multilabel, settings };

it("agrees with the challenge's definition in NumPy", () => {
  expect(metric.compute(scores)).toBeCloseTo(0.5069444444444443, 12);
});

it('is 1 for right answers and 0 for sinus rhythm alone', () => {
  expect(metric.compute({ ...scores, predictions: Float64Array.from(scores.targets) })).toBe(1);
  const inactive = Float64Array.from(scores.targets, (_, index) => Number(index % 3 === 0));
  expect(metric.compute({ ...scores, predictions: inactive })).toBe(0);
});

it('chooses the one threshold that scores best', () => {
  const [threshold, ...others] = metric.chooseThresholds!(scores)!;
  expect(others).toEqual([threshold, threshold]);
  const at = (value: number) => metric.compute({ ...scores, thresholds: [value, value, value] })!;
  for (let step = 1; step < 20; step += 1) expect(at(threshold)).toBeGreaterThanOrEqual(at(step / 20));
});

it('takes labels without weights for nothing, and codes of one diagnosis for one', () => {
  const wider = { diagnoses: [['a'], ['b', 'b2'], ['c']], weights };
  const named = { ...scores, labels: ['a', 'b2', 'c'], settings: { ...settings, cinc2020Weights: wider } };
  expect(metric.compute(named)).toBe(metric.compute(scores));
});

it('says what is missing', () => {
  const task = { labels: ['a', 'b', 'c'], predictionType: 'multilabel', settings } as const;
  expect(metric.missing?.(task)).toBeUndefined();
  expect(metric.missing?.({ ...task, settings: {} })?.fix).toContain('cinc2020_weights.csv');
  expect(metric.missing?.({ ...task, labels: ['x'] })?.found).toContain('not for any of its labels');
  const unnamed = { cinc2020Weights: settings.cinc2020Weights };
  expect(metric.missing?.({ ...task, settings: unnamed })?.fix).toContain('normal_label');
});
