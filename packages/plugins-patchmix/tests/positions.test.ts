import { describe, expect, it } from 'vitest';
import { resamplePositions } from '../src/positions.js';

/** Positions that tell where they are: learnt tokens -1 and -2, patches 100 frequency + time; two values each. */
function numbered(frequencies: number, times: number): Float32Array {
  const values = [-1, -1, -2, -2];
  for (let frequency = 0; frequency < frequencies; frequency += 1) {
    for (let time = 0; time < times; time += 1) values.push(100 * frequency + time, -(100 * frequency + time));
  }
  return Float32Array.from(values);
}

const firstValues = (positions: Float32Array) => [...positions].filter((_, index) => index % 2 === 0);

describe('positions for another length', () => {
  it('are cut from the middle, as AST cuts 101 to 79', () => {
    const cut = firstValues(resamplePositions(numbered(12, 101), { frequencies: 12, times: 101 }, 79, 2));
    expect(cut.length).toBe(2 + 12 * 79);
    expect(cut.slice(0, 4)).toEqual([-1, -2, 11, 12]);
    expect(cut.slice(80, 83)).toEqual([89, 111, 112]);
    expect(cut[cut.length - 1]).toBe(1189);
  });

  it('are interpolated with the ends at half a step, as torch does', () => {
    const grid = { frequencies: 2, times: 2 };
    const resampled = resamplePositions(numbered(2, 2), grid, 4, 2);
    expect(firstValues(resampled)).toEqual([-1, -2, 0, 0.25, 0.75, 1, 100, 100.25, 100.75, 101]);
    expect(resampled[2 * 9 + 1]).toBe(-101);
  });
});
