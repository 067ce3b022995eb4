import { expect, it } from 'vitest';
import top1Accuracy from '../../src/scene/top1_acc.js';

const labels = ['cough', 'breath', 'speech'];

function score(predictions: number[], targets: number[]): number | null {
  return top1Accuracy.compute({
    predictions: Float32Array.from(predictions),
    targets: Uint8Array.from(targets),
    labels,
  });
}

it('counts clips whose best-scored label is right', () => {
  expect(score([0.1, 0.8, 0.1, 0.6, 0.3, 0.1, 0.2, 0.2, 0.6], [0, 1, 0, 0, 1, 0, 0, 0, 1])).toBeCloseTo(2 / 3, 15);
});

it('takes the first of equal scores', () => {
  expect(score([0.4, 0.4, 0.2], [1, 0, 0])).toBe(1);
  expect(score([0.4, 0.4, 0.2], [0, 1, 0])).toBe(0);
});

it('takes the first label of a multilabel target', () => {
  expect(score([0.1, 0.8, 0.1], [0, 1, 1])).toBe(1);
  expect(score([0.1, 0.1, 0.8], [0, 1, 1])).toBe(0);
});
