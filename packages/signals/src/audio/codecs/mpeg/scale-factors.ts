import type { BitReader } from '../bit-reader.js';
import type { Granule } from './side-info.js';

/** The scale factors of one channel of a granule: first of long bands, then of short bands, with three windows each. */
export interface ScaleFactors {
  readonly values: Int32Array;
  /** For intensity stereo: the value that marks each band as not using it. */
  readonly illegal: Int32Array;
  readonly preEmphasis: boolean;
}

/** Number of bits for the lower and upper bands in MPEG 1 (ISO/IEC 11172-3, section 2.4.2.7). */
const firstBits: readonly (readonly [number, number])[] = [
  [0, 0],
  [0, 1],
  [0, 2],
  [0, 3],
  [3, 0],
  [1, 1],
  [1, 2],
  [1, 3],
  [2, 1],
  [2, 2],
  [2, 3],
  [3, 1],
  [3, 2],
  [3, 3],
  [4, 2],
  [4, 3],
];
/**
 * Number of values with each of the four widths in MPEG 2, for long, short and mixed blocks (13818-3, section 2.4.3.2).
 */
const secondCounts: readonly (readonly (readonly number[])[])[] = [
  [
    [6, 5, 5, 5],
    [9, 9, 9, 9],
    [6, 9, 9, 9],
  ],
  [
    [6, 5, 7, 3],
    [9, 9, 12, 6],
    [6, 9, 12, 6],
  ],
  [
    [11, 10, 0, 0],
    [18, 18, 0, 0],
    [15, 18, 0, 0],
  ],
  [
    [7, 7, 7, 0],
    [12, 12, 12, 0],
    [6, 15, 12, 0],
  ],
  [
    [6, 6, 6, 3],
    [12, 9, 9, 6],
    [6, 12, 9, 6],
  ],
  [
    [8, 8, 5, 0],
    [15, 12, 9, 0],
    [6, 18, 9, 0],
  ],
];

/**
 * @param before those of the first granule
 * @param shared the groups that are taken from it
 */
export function readFirstScaleFactors(
  reader: BitReader,
  granule: Granule,
  before: ScaleFactors | undefined,
  shared: number,
): ScaleFactors {
  const [low, high] = firstBits[granule.scaleFactorCode];
  const values = new Int32Array(39);
  let at = 0;
  const read = (count: number, bits: number) => {
    for (const end = at + count; at < end; at += 1) values[at] = reader.bits(bits);
  };
  if (granule.blockType === 2) {
    read(granule.mixed ? 17 : 18, low);
    read(18, high);
  } else {
    [6, 5, 5, 5].forEach((count, group) => {
      const kept = before !== undefined && (shared >> (3 - group)) & 1;
      if (kept) {
        values.set(before.values.subarray(at, at + count), at);
        at += count;
      } else read(count, group < 2 ? low : high);
    });
  }
  return { values, illegal: new Int32Array(39).fill(7), preEmphasis: granule.preEmphasis };
}

/** @param intensity whether this is the right channel of intensity stereo */
export function readSecondScaleFactors(reader: BitReader, granule: Granule, intensity: boolean): ScaleFactors {
  const { bits, row, preEmphasis } = intensity
    ? intensityBits(granule.scaleFactorCode >> 1)
    : secondBits(granule.scaleFactorCode);
  const counts = secondCounts[row][granule.blockType === 2 ? (granule.mixed ? 2 : 1) : 0];
  const values = new Int32Array(39);
  const illegal = new Int32Array(39);
  let at = 0;
  counts.forEach((count, group) => {
    for (const end = at + count; at < end; at += 1) {
      values[at] = reader.bits(bits[group]);
      illegal[at] = 2 ** bits[group] - 1;
    }
  });
  return { values, illegal, preEmphasis };
}

interface Widths {
  readonly bits: readonly number[];
  readonly row: number;
  readonly preEmphasis: boolean;
}

function secondBits(code: number): Widths {
  const part = (value: number, divisor: number, modulus: number) => Math.floor(value / divisor) % modulus;
  if (code < 400) {
    return { bits: [part(code, 80, 5), part(code, 16, 5), part(code, 4, 4), code % 4], row: 0, preEmphasis: false };
  }
  if (code < 500) {
    const rest = code - 400;
    return { bits: [part(rest, 20, 5), part(rest, 4, 5), rest % 4, 0], row: 1, preEmphasis: false };
  }
  const rest = code - 500;
  return { bits: [Math.floor(rest / 3), rest % 3, 0, 0], row: 2, preEmphasis: true };
}

function intensityBits(code: number): Widths {
  const part = (value: number, divisor: number, modulus: number) => Math.floor(value / divisor) % modulus;
  if (code < 180) return { bits: [Math.floor(code / 36), part(code, 6, 6), code % 6, 0], row: 3, preEmphasis: false };
  if (code < 244) {
    const rest = code - 180;
    return { bits: [part(rest, 16, 4), part(rest, 4, 4), rest % 4, 0], row: 4, preEmphasis: false };
  }
  const rest = code - 244;
  return { bits: [Math.floor(rest / 3), rest % 3, 0, 0], row: 5, preEmphasis: false };
}
