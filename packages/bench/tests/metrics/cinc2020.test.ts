import { TaskError } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import { parseCinc2020Weights } from '../../src/tasks/cinc2020-weights.js';
import metric from '../../src/metrics/scene/cinc2020.js';
import { multilabel } from './small-cases.js';

// Made up: the challenge's own weights are no part of this project.
const text = ',a,b,c\na,1,0.5,0.2\nb,0.5,1,0.3\nc,0.1,0.3,1\n';
const settings = { normalLabel: 'a', cinc2020Weights: parseCinc2020Weights(text, 'weights.csv') };
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
  const wider = parseCinc2020Weights(',a,b|b2,c\na,1,0.5,0.2\nb|b2,0.5,1,0.3\nc,0.1,0.3,1\n', 'weights.csv');
  const named = { ...scores, labels: ['a', 'b2', 'c'], settings: { ...settings, cinc2020Weights: wider } };
  expect(metric.compute(named)).toBe(metric.compute(scores));
});

it('says what is missing', () => {
  const task = { labels: ['a', 'b', 'c'], predictionType: 'multilabel', settings } as const;
  expect(metric.missing?.(task)).toBeUndefined();
  expect(metric.missing?.({ ...task, settings: {} })?.fix).toContain('cinc2020_weights.csv');
  expect(metric.missing?.({ ...task, labels: ['x'] })?.found).toContain('none of its labels');
  const unnamed = { cinc2020Weights: settings.cinc2020Weights };
  expect(metric.missing?.({ ...task, settings: unnamed })?.fix).toContain('normal_label');
});

describe('its weights', () => {
  it.each([
    ['', 'square'],
    [',a,b\na,1,0\n', 'square'],
    [',a,b\nb,1,0\na,0,1\n', 'same order'],
    [',a,b\na,1,x\nb,0,1\n', "'x' in row 'a', column 'b'"],
    [',a,a\na,1,0\na,0,1\n', "'a' twice"],
    [',a,b\na,1\nb,0,1\n', /Invalid Record Length|2 cells in line 2/],
  ])('refuses %j', (wrong, message) => {
    expect(() => parseCinc2020Weights(wrong, 'weights.csv')).toThrow(TaskError);
    expect(() => parseCinc2020Weights(wrong, 'weights.csv')).toThrow(message);
  });
});
