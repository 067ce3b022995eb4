import { describe, expect, it } from 'vitest';
import { cutWindows, type WindowCuts } from '../src/streaming.js';

/** The windows of a ramp 0, 1, 2, ... of two channels, the second negative, in pieces. */
async function cut(samples: number, cuts: WindowCuts, piece: number) {
  const chunks = Array.from({ length: Math.ceil(samples / piece) }, (_, index) => {
    const from = index * piece;
    const ramp = Array.from({ length: Math.min(piece, samples - from) }, (__, at) => from + at);
    return Float32Array.from([...ramp, ...ramp.map((value) => -value)]);
  });
  const found: number[][] = [];
  for await (const { start, signal } of cutWindows(chunks, 2, cuts)) {
    const { data, count, channels } = signal;
    expect([count, channels, data.length]).toEqual([1, 2, 2 * signal.samples]);
    for (let at = 0; at < signal.samples; at += 1) {
      expect([data[at], data[signal.samples + at]]).toEqual([start + at, -(start + at)]);
    }
    found.push([start, signal.samples]);
  }
  return found;
}

const cases: readonly (readonly [string, number, WindowCuts, number[][]])[] = [
  [
    'a whole number of windows',
    12,
    { length: 4, hop: 4 },
    [
      [0, 4],
      [4, 4],
      [8, 4],
    ],
  ],
  [
    'a rest, which the last window overlaps',
    13,
    { length: 4, hop: 4 },
    [
      [0, 4],
      [4, 4],
      [8, 4],
      [9, 4],
    ],
  ],
  [
    'overlapping windows',
    9,
    { length: 4, hop: 2 },
    [
      [0, 4],
      [2, 4],
      [4, 4],
      [5, 4],
    ],
  ],
  [
    'a signal that ends with an overlapping window',
    8,
    { length: 4, hop: 2 },
    [
      [0, 4],
      [2, 4],
      [4, 4],
    ],
  ],
  ['one window exactly', 4, { length: 4, hop: 1 }, [[0, 4]]],
  ['less than a window', 3, { length: 4, hop: 4 }, [[0, 3]]],
  ['no signal', 0, { length: 4, hop: 4 }, []],
];

describe.each(cases)('windows of %s', (_, samples, cuts, expected) => {
  it.each([1, 3, 100])('in pieces of %s samples', async (piece) => {
    expect(await cut(samples, cuts, piece)).toEqual(expected);
  });
});
