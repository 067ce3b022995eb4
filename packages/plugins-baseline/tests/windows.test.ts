import { signalBatch } from '@hearken/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutScene, fillWindow, timestampCount, timestampStart } from '../src/windows.js';

describe('cutScene', () => {
  it('leaves a short signal whole', () => {
    expect(cutScene(100, 100)).toEqual({ length: 100, starts: [0] });
  });

  it('covers a long signal from its first sample to its last, without leaving it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 500 }), (samples, longest) => {
        const { length, starts } = cutScene(samples, longest);
        expect(length).toBe(Math.min(samples, longest));
        expect(starts[0]).toBe(0);
        expect(starts.at(-1)).toBe(samples - length);
        starts.slice(1).forEach((start, index) => expect(start - starts[index]).toBeLessThanOrEqual(length));
      }),
    );
  });
});

describe('windows over time', () => {
  const windows = { length: 40, hop: 50 };

  it('are centred on every hop inside the signal', () => {
    expect([100, 101].map((samples) => timestampCount(samples, windows))).toEqual([2, 3]);
    expect([0, 1, 2].map((index) => timestampStart(index, windows))).toEqual([-20, 30, 80]);
  });
});

describe('fillWindow', () => {
  const batch = signalBatch([Float32Array.of(0, 1, 2, 10, 11, 12), Float32Array.of(20, 21, 22, 30, 31, 32)], 2);
  const window = (signal: number, start: number, length: number) => {
    const target = new Float32Array(2 * length);
    fillWindow({ signals: batch, start: 0 }, signal, start, target);
    return Array.from(target);
  };

  it('copies every channel of the signal', () => {
    expect(window(0, 0, 3)).toEqual([0, 1, 2, 10, 11, 12]);
    expect(window(1, 1, 2)).toEqual([21, 22, 31, 32]);
  });

  it('mirrors what lies outside, as often as need be', () => {
    expect(window(0, -2, 4)).toEqual([2, 1, 0, 1, 12, 11, 10, 11]);
    expect(window(1, -5, 9)).toEqual([21, 20, 21, 22, 21, 20, 21, 22, 21, 31, 30, 31, 32, 31, 30, 31, 32, 31]);
  });

  it('copies from a stretch what it copies from the whole signal', () => {
    const signals = signalBatch([Float32Array.from({ length: 100 }, (_, index) => index)]);
    const stretch = { signals: signalBatch([signals.data.slice(70)]), start: 70 };
    for (const start of [70, 80, 85]) {
      const [whole, part] = [new Float32Array(20), new Float32Array(20)];
      fillWindow({ signals, start: 0 }, 0, start, whole);
      fillWindow(stretch, 0, start, part);
      expect(part).toEqual(whole);
    }
  });
});
