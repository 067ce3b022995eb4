/**
 * One of WFDB's storage formats (the specification: wfdb.io, "signal(5)"). The lowest number of a format stands for a
 * gap.
 */
export interface SampleFormat {
  /** Maximum number of samples in this many bytes. */
  sampleCount(bytes: number): number;
  /** The number stored as sample `index`, which must be within the bytes. */
  read(view: DataView, index: number): number;
  /** The count that stands for a gap. */
  readonly gap: number;
  /** The numbers are differences between consecutive samples of a signal; the first is added to the initial value. */
  readonly differences?: boolean;
}

const sixteenBits = -32_768;

/** All formats except the compressed ones: 508, 516 and 524 are FLAC. */
export const sampleFormats: ReadonlyMap<number, SampleFormat> = new Map<number, SampleFormat>([
  [8, { ...wholeBytes(1, (view, offset) => view.getInt8(offset)), gap: sixteenBits, differences: true }],
  [16, wholeBytes(2, (view, offset) => view.getInt16(offset, true))],
  [24, wholeBytes(3, (view, offset) => (view.getInt8(offset + 2) << 16) | view.getUint16(offset, true))],
  [32, wholeBytes(4, (view, offset) => view.getInt32(offset, true))],
  [61, wholeBytes(2, (view, offset) => view.getInt16(offset, false))],
  // Offset binary: the middle of the range is 0.
  [80, wholeBytes(1, (view, offset) => view.getUint8(offset) - 128)],
  [160, wholeBytes(2, (view, offset) => view.getUint16(offset, true) + sixteenBits)],
  // Two samples of 12 bits in three bytes: the low byte of one, the high bits of both, the low byte of the other.
  [
    212,
    {
      sampleCount: (bytes) => Math.floor(bytes / 1.5),
      read: (view, index) => {
        const pair = 3 * (index >> 1);
        const both = view.getUint8(pair + 1);
        const bits =
          index % 2 === 0 ? view.getUint8(pair) | ((both & 15) << 8) : view.getUint8(pair + 2) | ((both >> 4) << 8);
        return bits > 2047 ? bits - 4096 : bits;
      },
      gap: -2048,
    },
  ],
  // Three samples of 10 bits in two byte pairs: the 10 bits above the lowest bit of each pair, and the top 5 bits of
  // both.
  [
    310,
    {
      sampleCount: (bytes) => 3 * Math.floor(bytes / 4) + (bytes % 4 >= 2 ? 1 : 0),
      read: (view, index) => {
        const place = index % 3;
        const group = 4 * ((index - place) / 3);
        if (place < 2) return tenBits(view.getUint16(group + 2 * place, true) >> 1);
        return tenBits((view.getUint16(group, true) >> 11) | ((view.getUint16(group + 2, true) >> 11) << 5));
      },
      gap: -512,
    },
  ],
  // Three samples of 10 bits in four bytes, one after another from the lowest bit.
  [
    311,
    {
      sampleCount: (bytes) => 3 * Math.floor(bytes / 4) + Math.max(0, (bytes % 4) - 1),
      read: (view, index) => {
        const place = index % 3;
        const group = 4 * ((index - place) / 3);
        // Each is within two bytes, starting at bit 0, 10 - 8 and 20 - 16.
        return tenBits((view.getUint8(group + place) | (view.getUint8(group + place + 1) << 8)) >> (2 * place));
      },
      gap: -512,
    },
  ],
]);

/** Bits per sample in WFDB's compressed formats, which are FLAC streams. */
export const flacBits: ReadonlyMap<number, number> = new Map([
  [508, 8],
  [516, 16],
  [524, 24],
]);

/** All supported formats, for errors. */
export const knownFormats = [...sampleFormats.keys(), ...flacBits.keys()].sort((left, right) => left - right);

function wholeBytes(width: number, read: (view: DataView, offset: number) => number): SampleFormat {
  return {
    sampleCount: (bytes) => Math.floor(bytes / width),
    read: (view, index) => read(view, index * width),
    gap: -(2 ** (8 * width - 1)),
  };
}

/** The lowest 10 bits as a signed number. */
function tenBits(bits: number): number {
  return ((bits & 1023) ^ 512) - 512;
}

/** Where the samples of one signal are in a file. */
export interface Interleaved {
  readonly format: SampleFormat;
  /** Samples per frame, over all signals of the file. */
  readonly frameSamples: number;
  /** Samples in a frame before this signal's. */
  readonly place: number;
  readonly samplesPerFrame: number;
  readonly initialValue: number;
}

/**
 * The counts of one signal.
 *
 * @param bytes starting at the first sample; must contain all samples that are wanted
 * @param count number of samples of this signal
 */
export function readCounts(bytes: Uint8Array, signal: Interleaved, count: number): Int32Array {
  const { format, frameSamples, place, samplesPerFrame, initialValue } = signal;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const counts = new Int32Array(count);
  let index = 0;
  for (let first = place; index < count; first += frameSamples) {
    for (let within = 0; within < samplesPerFrame && index < count; within += 1) {
      counts[index] = format.read(view, first + within);
      index += 1;
    }
  }
  if (format.differences === true) {
    let value = initialValue;
    for (let at = 0; at < count; at += 1) {
      value += counts[at];
      counts[at] = value;
    }
  }
  return counts;
}

/** The sum of all counts modulo 65536, as in headers. */
export function checksumOf(counts: Int32Array): number {
  let sum = 0;
  for (const count of counts) sum = (sum + count) | 0;
  return sum & 0xffff;
}
