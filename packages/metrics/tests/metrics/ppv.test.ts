import { expect, it } from 'vitest';
import ppv from '../../src/scene/ppv.js';
import type { SceneScores } from '../../src/scores.js';

const scores: SceneScores = {
  predictions: Float64Array.from([0.9, 0.1, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.6, 0.4]),
  targets: Uint8Array.from([1, 0, 1, 0, 0, 1, 0, 1, 1, 0]),
  labels: ['no', 'yes'],
  predictionType: 'multiclass',
};

it('is the share of right clips among those that reach the threshold', () => {
  // 0.6, 0.7 and 0.8 are answered as positive; two of them are.
  expect(ppv.compute(scores)).toBeCloseTo(2 / 3, 12);
  expect(ppv.compute({ ...scores, thresholds: [0.5, 0.7] })).toBe(1);
});

it('is undefined where nothing is answered as positive', () => {
  expect(ppv.compute({ ...scores, thresholds: [0.5, 0.9] })).toBeNull();
});

it('chooses the threshold of the largest Youden index', () => {
  expect(ppv.chooseThresholds?.(scores)?.[1]).toBe(0.7);
});

it('needs a positive label', () => {
  expect(ppv.missing?.({ labels: ['a', 'b', 'c'], predictionType: 'multiclass', settings: {} })).toMatchObject({
    fix: expect.stringContaining('positive_label') as string,
  });
});
