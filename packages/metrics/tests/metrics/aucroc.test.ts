import fc from 'fast-check';
import { expect, it } from 'vitest';
import aucroc from '../../src/scene/aucroc.js';

function score(predictions: number[], targets: number[], width = 1): number | null {
  return aucroc.compute({
    predictions: Float64Array.from(predictions),
    targets: Uint8Array.from(targets),
    labels: Array.from({ length: width }, (_, index) => `c${index}`),
  });
}

it('counts ties one half, as scikit-learn does', () => {
  const targets = [1, 0, 0, 1, 1, 1, 0, 0, 1, 0, 0, 1];
  const predictions = [0.5, 0.2, 0.5, 0.2, 0.5, 0.9, 0.2, 0.2, 0.7, 0.2, 0.7, 0.1];
  expect(score(predictions, targets, 2)).toBeCloseTo(0.5555555555555556, 12);
});

it('is undefined where a label has no positive or no negative clip', () => {
  expect(score([0.1, 0.2], [1, 1])).toBeNull();
  expect(score([0.1, 0.2], [0, 0])).toBeNull();
});

it('is the share of pairs in the right order', () => {
  const clips = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 1 })), { maxLength: 20 });
  fc.assert(
    fc.property(clips, (rows) => {
      const positives = rows.filter(([, target]) => target === 1);
      const negatives = rows.filter(([, target]) => target === 0);
      fc.pre(positives.length > 0 && negatives.length > 0);
      let right = 0;
      for (const [above] of positives) {
        for (const [below] of negatives) right += above > below ? 1 : above === below ? 0.5 : 0;
      }
      const found = score(
        rows.map(([value]) => value),
        rows.map(([, target]) => target),
      );
      expect(found).toBeCloseTo(right / (positives.length * negatives.length), 12);
    }),
  );
});
