import type { MpegHeader } from '../../containers/mpeg-header.js';
import { sideInfoBytes } from '../../containers/mpeg-header.js';
import { BitReader } from '../bit-reader.js';

/** How one channel of half a frame is coded (ISO/IEC 11172-3, section 2.4.1.7; 13818-3, section 2.4.1.7). */
export interface Granule {
  /** Bits of scale factors and Huffman codes. */
  readonly bits: number;
  /** Number of values that are coded as pairs, in pairs. */
  readonly bigValues: number;
  readonly globalGain: number;
  readonly scaleFactorCode: number;
  /** 0 long, 1 start, 2 short, 3 stop. */
  readonly blockType: number;
  /** Whether the lowest two subbands are long next to short ones. */
  readonly mixed: boolean;
  readonly tables: readonly number[];
  /** For each short window, in units of 8 steps of global gain. */
  readonly subblockGain: readonly number[];
  /** Number of bands of the first and second region, minus one; undefined if they are fixed. */
  readonly regions?: readonly [number, number];
  readonly preEmphasis: boolean;
  readonly scaleFactorShift: number;
  readonly secondQuadruples: boolean;
}

export interface SideInfo {
  /** Number of bytes before this frame at which its data begins. */
  readonly mainDataBegin: number;
  /** For each channel, a bit mask of the groups of scale factors that the second granule shares with the first. */
  readonly shared: readonly number[];
  /** `[granule][channel]`. */
  readonly granules: readonly (readonly Granule[])[];
  /** Where the frame's own data begins. */
  readonly start: number;
}

/** @param frame the whole frame */
export function readSideInfo(frame: Uint8Array, header: MpegHeader): SideInfo {
  const { version, channels, checksum } = header;
  const begin = checksum ? 6 : 4;
  const reader = new BitReader(frame, begin);
  const first = version === 1;
  const mainDataBegin = reader.bits(first ? 9 : 8);
  reader.bits(first ? (channels === 1 ? 5 : 3) : channels);
  const list = <T>(count: number, read: () => T) => Array.from({ length: count }, read);
  const shared = list(channels, () => (first ? reader.bits(4) : 0));
  const granules = list(first ? 2 : 1, () => list(channels, () => readGranule(reader, first)));
  reader.check();
  return { mainDataBegin, shared, granules, start: begin + sideInfoBytes(header) };
}

function readGranule(reader: BitReader, first: boolean): Granule {
  const bits = reader.bits(12);
  const bigValues = reader.bits(9);
  const globalGain = reader.bits(8);
  const scaleFactorCode = reader.bits(first ? 4 : 9);
  const switched = reader.bits(1) === 1;
  const blockType = switched ? reader.bits(2) : 0;
  const mixed = switched && reader.bits(1) === 1;
  const tables = Array.from({ length: switched ? 2 : 3 }, () => reader.bits(5));
  const subblockGain = [0, 0, 0].map(() => (switched ? reader.bits(3) : 0));
  const regions = switched ? {} : { regions: [reader.bits(4), reader.bits(3)] as const };
  return {
    bits,
    bigValues,
    globalGain,
    scaleFactorCode,
    blockType,
    mixed: mixed && blockType === 2,
    tables,
    subblockGain,
    ...regions,
    preEmphasis: first && reader.bits(1) === 1,
    scaleFactorShift: reader.bits(1),
    secondQuadruples: reader.bits(1) === 1,
  };
}
