import { expect, it } from 'vitest';
import meanAveragePrecision from '../../src/scene/mAP.js';

const labels = ['c0', 'c1'];

function score(predictions: number[][], targets: number[][]): number | null {
  return meanAveragePrecision.compute({
    predictions: Float64Array.from(predictions.flat()),
    targets: Uint8Array.from(targets.flat()),
    labels,
  });
}

it('gives clips of equal score one threshold, as scikit-learn does', () => {
  const targets = [[1, 0], [0, 1], [1, 1], [0, 0], [1, 0], [0, 1]]; // prettier-ignore
  const predictions = [[0.5, 0.2], [0.5, 0.2], [0.5, 0.9], [0.2, 0.2], [0.7, 0.2], [0.7, 0.1]]; // prettier-ignore
  expect(score(predictions, targets)).toBeCloseTo(0.6, 12);
});

it('counts a label without positive clip as 0, as scikit-learn does', () => {
  const targets = [[1, 0], [0, 0], [1, 0], [0, 0]]; // prettier-ignore
  const predictions = [[0.9, 0.1], [0.8, 0.2], [0.3, 0.3], [0.1, 0.4]]; // prettier-ignore
  expect(score(predictions, targets)).toBeCloseTo(0.41666666666666663, 12);
});

it('is 0 without any positive clip, as in scikit-learn, and says that it is undefined there', () => {
  expect(score([[0.5, 0.5]], [[0, 0]])).toBe(0);
  const scores = { predictions: Float64Array.of(0.5, 0.5), labels };
  expect(meanAveragePrecision.undefinedBecause?.({ ...scores, targets: Uint8Array.of(0, 0) })).toBe(
    'no clip has a label',
  );
  expect(meanAveragePrecision.undefinedBecause?.({ ...scores, targets: Uint8Array.of(0, 1) })).toBeUndefined();
});
