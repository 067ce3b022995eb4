import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutScene, timestampStart } from '../src/windows.js';

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

  it('are centred on every hop', () => {
    expect([0, 1, 2].map((index) => timestampStart(index, windows))).toEqual([-20, 30, 80]);
  });
});
