import { signalBatch } from '@hearken/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { windowSamples } from '../src/front-end.js';
import { listWindows, windowStarts } from '../src/windows.js';

describe('windowStarts', () => {
  it('covers every sample, the last window no further than it must', () => {
    const samples = fc.integer({ min: 1, max: 20 * windowSamples });
    const hop = fc.integer({ min: 800, max: windowSamples });
    fc.assert(
      fc.property(samples, hop, (length, step) => {
        const starts = windowStarts(length, step);
        const last = starts.length - 1;
        expect(starts).toEqual(starts.map((_, index) => index * step));
        expect(starts[last] + windowSamples).toBeGreaterThanOrEqual(length);
        if (last > 0) expect(starts[last - 1] + windowSamples).toBeLessThan(length);
      }),
    );
  });

  it('takes 30 passes for a minute back to back', () => {
    expect(windowStarts(30 * windowSamples, windowSamples)).toHaveLength(30);
  });
});

describe('listWindows', () => {
  const samples = 3 * windowSamples;
  const halfSilent = new Float32Array(samples).fill(0.5, 0, windowSamples);
  const batch = signalBatch([halfSilent, new Float32Array(samples)]);

  it('leaves silent windows out, but never a whole signal', () => {
    const starts = (level: number | false) =>
      listWindows(batch, windowSamples, level).map((windows) => windows.map(({ start }) => start / windowSamples));
    expect(starts(false)).toEqual([
      [0, 1, 2],
      [0, 1, 2],
    ]);
    expect(starts(-50)).toEqual([[0], [0, 1, 2]]);
    // A constant 0.5 is 6.02 dB below full scale.
    expect(starts(-6.1)).toEqual([[0], [0, 1, 2]]);
    expect(starts(-6)).toEqual([
      [0, 1, 2],
      [0, 1, 2],
    ]);
  });
});
