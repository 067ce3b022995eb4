import { mixExamples } from '../../src/index.js';
import { Random } from '@hearken/metrics';
import { describe, expect, it } from 'vitest';

describe('mixup', () => {
  it('mixes each example with its partner, and keeps at least half of it', () => {
    const count = 6;
    const former = Float32Array.from({ length: count * 4 }, (_, index) => index);
    const data = former.slice();
    const { mix } = mixExamples({ data, count, shape: [2, 2] }, new Random(1), { mixup: 0.3 });
    expect([...mix!.partners].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    for (const share of mix!.shares) expect(share >= 0.5 && share <= 1).toBe(true);
    data.forEach((value, index) => {
      const example = Math.floor(index / 4);
      const share = mix!.shares[example];
      const other = former[mix!.partners[example] * 4 + (index % 4)];
      expect(value).toBeCloseTo(share * former[index] + (1 - share) * other, 4);
    });
  });

  it('is left out with parameter 0', () => {
    const data = Float32Array.of(1, 2);
    expect(mixExamples({ data, count: 2, shape: [1] }, new Random(1), { mixup: 0 })).toEqual({});
    expect(data).toEqual(Float32Array.of(1, 2));
  });
});

describe('shares of mixup', () => {
  // l from Beta(a, a) has the variance 1 / (4 (2 a + 1)), and the larger of l and 1 - l is as far from a half.
  it.each([0.05, 0.3, 1, 3])('have the spread of a beta distribution for %d', (alpha) => {
    const count = 4000;
    const { mix } = mixExamples({ data: new Float32Array(count), count, shape: [1] }, new Random(1), { mixup: alpha });
    const spread = mix!.shares.reduce((sum, share) => sum + (2 * share - 1) ** 2, 0) / count;
    expect(spread * (2 * alpha + 1)).toBeCloseTo(1, 0.5);
  });
});
