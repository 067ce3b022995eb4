import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holmAdjusted } from '../../src/statistics/holm.js';

describe('holmAdjusted', () => {
  it("gives what R's p.adjust gives", () => {
    const expected = [0.03, 0.06, 0.06, 0.02];
    holmAdjusted([0.01, 0.04, 0.03, 0.005]).forEach((p, index) => {
      expect(p).toBeCloseTo(expected[index], 12);
    });
    expect(holmAdjusted([0.6, 0.7])).toEqual([1, 1]);
    expect(holmAdjusted([0.2])).toEqual([0.2]);
    expect(holmAdjusted([])).toEqual([]);
  });

  it('keeps the order, and lies between no correction and that for the number of tests', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }), (pValues) => {
        const adjusted = holmAdjusted(pValues);
        pValues.forEach((p, index) => {
          expect(adjusted[index]).toBeGreaterThanOrEqual(p);
          expect(adjusted[index]).toBeLessThanOrEqual(Math.min(1, p * pValues.length));
          pValues.forEach((other, place) => {
            if (other > p) expect(adjusted[place]).toBeGreaterThanOrEqual(adjusted[index]);
          });
        });
      }),
    );
  });
});
