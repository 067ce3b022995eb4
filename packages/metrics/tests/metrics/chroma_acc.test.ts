import { expect, it } from 'vitest';
import chromaAccuracy from '../../src/scene/chroma_acc.js';

it('forgives the octave and nothing else', () => {
  const labels = Array.from({ length: 25 }, (_, index) => String(21 + index));
  const row = (hot: number) => labels.map((_, index) => Number(index === hot));
  const scores = {
    predictions: Float32Array.from([row(0), row(12), row(1), row(11), row(23)].flat()),
    targets: Uint8Array.from([row(24), row(0), row(13), row(12), row(0)].flat()),
    labels,
  };
  expect(chromaAccuracy.compute(scores)).toBeCloseTo(3 / 5, 15);
});
