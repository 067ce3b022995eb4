import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sceneStretches, timelineStretches } from '../src/windows.js';

const window = 128_000;
const step = 1600;
const times = 79;

describe('scene windows', () => {
  it('is the beginning of longer audio, with one sample more that says so', () => {
    expect(sceneStretches(144_000, window, false)).toEqual([{ start: 0, length: window + 1 }]);
    expect(sceneStretches(window, window, false)).toEqual([{ start: 0, length: window }]);
    expect(sceneStretches(500, window, true)).toEqual([{ start: 0, length: 500 }]);
  });

  it('spread over the whole of longer audio for a mean', () => {
    fc.assert(
      fc.property(fc.integer({ min: window + 1, max: 40 * window }), (samples) => {
        const stretches = sceneStretches(samples, window, true);
        expect(stretches[0].start).toBe(0);
        expect(stretches[stretches.length - 1].start + window + 1).toBe(samples);
        for (const [index, { start, length }] of stretches.entries()) {
          expect(length).toBe(window + 1);
          if (index > 0) expect(start - stretches[index - 1].start).toBeLessThanOrEqual(window);
        }
      }),
    );
  });
});

describe('timeline windows', () => {
  it('cover every patch on one grid, and leave less than a step empty', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1400, max: 20 * window }), (samples) => {
        const stretches = timelineStretches(samples, window, step, times);
        const covered = new Set<number>();
        for (const { start, length } of stretches) {
          expect(start % step).toBe(0);
          expect(length).toBeGreaterThan(0);
          expect(start + length).toBeLessThanOrEqual(samples);
          if (samples > window) expect(length).toBeGreaterThan(window - step);
          for (let patch = 0; patch < times; patch += 1) covered.add(start / step + patch);
        }
        // All but the last are cut and not faded out.
        expect(stretches.slice(0, -1).every(({ length }) => length === window + 1)).toBe(true);
        const reach = Math.floor((samples - 1400) / step) + 1;
        expect(covered.size).toBeGreaterThanOrEqual(reach - 1);
        expect(Math.max(...covered)).toBe(covered.size - 1);
      }),
    );
  });
});
