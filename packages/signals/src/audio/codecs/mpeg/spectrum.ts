import { StreamFault } from '../../stream-fault.js';
import type { BitReader } from '../bit-reader.js';
import type { Bands } from './bands.js';
import { pairCodes, quadrupleCode } from './huffman.js';
import type { ScaleFactors } from './scale-factors.js';
import type { Granule } from './side-info.js';

/** Number of lines per granule. */
export const lines = 576;

/** n^(4/3). */
const powers = Float64Array.from({ length: 8207 }, (_, index) => index ** (4 / 3));
/** Extra gain of high bands (ISO/IEC 11172-3, table B.6). */
const emphasis = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 3, 2, 0];

/** Consecutive lines with the same scale factor. */
export interface BandRun {
  readonly start: number;
  readonly end: number;
  /** For short blocks: which of three windows; -1 for long ones. */
  readonly window: number;
  /** Index of the scale factor. */
  readonly factor: number;
}

/**
 * The bands of a granule in the order in which its lines are coded: for short blocks, window by window within a band.
 */
export function bandRuns({ long, short }: Bands, { blockType, mixed }: Granule, firstVersion: boolean): BandRun[] {
  const runs: BandRun[] = [];
  const longBands = blockType !== 2 ? 22 : mixed ? (firstVersion ? 8 : 6) : 0;
  for (let band = 0; band < longBands; band += 1) {
    runs.push({ start: long[band], end: long[band + 1], window: -1, factor: band });
  }
  if (blockType !== 2) return runs;
  let at = longBands > 0 ? long[longBands] : 0;
  for (let band = mixed ? 3 : 0; band < 13; band += 1) {
    const width = short[band + 1] - short[band];
    for (let window = 0; window < 3; window += 1) {
      runs.push({ start: at, end: at + width, window, factor: runs.length });
      at += width;
    }
  }
  return runs;
}

/**
 * The Huffman-coded values of a granule.
 *
 * @param end the position after the last bit
 * @param spectrum receives the values in coded order
 * @returns number of lines that may be non-zero
 */
export function readValues(
  reader: BitReader,
  end: number,
  granule: Granule,
  { long }: Bands,
  firstVersion: boolean,
  spectrum: Float64Array,
): number {
  const { bigValues, blockType, tables, regions, secondQuadruples } = granule;
  const damaged = () => new StreamFault('a damaged MP3 frame');
  if (bigValues > lines / 2) throw damaged();
  const pairs = 2 * bigValues;
  const bounds =
    regions === undefined
      ? [fixedRegion(long, blockType, firstVersion), lines, lines]
      : [long[regions[0] + 1], long[Math.min(22, regions[0] + regions[1] + 2)], lines];
  let at = 0;
  tables.forEach((table, region) => {
    const { code, linearBits } = pairCodes[table];
    const stop = Math.min(pairs, bounds[region]);
    if (code === undefined) {
      at = Math.max(at, stop);
      return;
    }
    while (at < stop) {
      const pair = code.read(reader);
      spectrum[at] = readValue(reader, pair >> 4, linearBits);
      spectrum[at + 1] = readValue(reader, pair & 15, linearBits);
      at += 2;
    }
  });
  if (reader.position > end) throw damaged();
  while (reader.position < end && at <= lines - 4) {
    const quadruple = secondQuadruples ? 15 - reader.bits(4) : quadrupleCode.read(reader);
    for (let bit = 0; bit < 4; bit += 1) {
      spectrum[at + bit] = (quadruple >> (3 - bit)) & 1 ? (reader.bits(1) === 1 ? -1 : 1) : 0;
    }
    // Encoders may leave a last code that is cut off; it does not count.
    if (reader.position > end) spectrum.fill(0, at, at + 4);
    else at += 4;
  }
  spectrum.fill(0, at);
  reader.position = end;
  return at;
}

/** Where the second region begins in blocks that are not long. */
function fixedRegion(long: readonly number[], blockType: number, firstVersion: boolean): number {
  if (blockType !== 2 || firstVersion) return long[8];
  return long[6] === 72 ? 72 : 36;
}

function readValue(reader: BitReader, coded: number, linearBits: number): number {
  if (coded === 0) return 0;
  const value = coded === 15 && linearBits > 0 ? coded + reader.bits(linearBits) : coded;
  return reader.bits(1) === 1 ? -powers[value] : powers[value];
}

/** Scales values by the gains of their bands (section 2.4.3.4.7.1). */
export function scaleValues(
  spectrum: Float64Array,
  count: number,
  runs: readonly BandRun[],
  granule: Granule,
  { values, preEmphasis }: ScaleFactors,
): void {
  const { globalGain, subblockGain, scaleFactorShift } = granule;
  for (const { start, end, window, factor } of runs) {
    if (start >= count) return;
    const boost = preEmphasis && window < 0 ? emphasis[factor] : 0;
    const steps = (values[factor] + boost) * (2 << scaleFactorShift) + (window < 0 ? 0 : 8 * subblockGain[window]);
    const gain = 2 ** ((globalGain - 210 - steps) / 4);
    const stop = Math.min(end, count);
    for (let line = start; line < stop; line += 1) spectrum[line] *= gain;
  }
}
