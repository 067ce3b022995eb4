import { expect, it } from 'vitest';
import pitchAccuracy from '../../src/scene/pitch_acc.js';

it('takes the octave for a wrong pitch', () => {
  const labels = Array.from({ length: 13 }, (_, index) => String(21 + index));
  const row = (hot: number) => labels.map((_, index) => Number(index === hot));
  const scores = {
    predictions: Float32Array.from([row(0), row(12), row(5)].flat()),
    targets: Uint8Array.from([row(0), row(0), row(6)].flat()),
    labels,
  };
  expect(pitchAccuracy.compute(scores)).toBeCloseTo(1 / 3, 15);
});
