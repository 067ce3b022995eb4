/**
 * WFDB's storage formats (the specification: wfdb.io, "signal(5)"), as far as they are read here. A sample that is the
 * lowest number of its format is a gap.
 */
interface SampleFormat {
  /** Bytes that `samples` samples take. */
  byteLength(samples: number): number;
  /** Most samples that `bytes` bytes hold. */
  sampleCount(bytes: number): number;
  /** The count of sample `index`. */
  read(view: DataView, index: number): number;
  /** The count that stands for a gap. */
  readonly gap: number;
}

export const sampleFormats: ReadonlyMap<number, SampleFormat> = new Map([
  [16, wholeBytes(2, (view, offset) => view.getInt16(offset, true))],
  [24, wholeBytes(3, (view, offset) => (view.getInt8(offset + 2) << 16) | view.getUint16(offset, true))],
  [32, wholeBytes(4, (view, offset) => view.getInt32(offset, true))],
  // Offset binary: 128 is 0.
  [80, wholeBytes(1, (view, offset) => view.getUint8(offset) - 128)],
  // Two samples of 12 bits in three bytes: low bits of one, high bits of both, low bits of the other.
  [
    212,
    {
      byteLength: (samples: number) => Math.ceil(samples * 1.5),
      sampleCount: (bytes: number) => Math.floor(bytes / 1.5),
      read: (view: DataView, index: number) => {
        const pair = 3 * (index >> 1);
        const both = view.getUint8(pair + 1);
        const bits =
          index % 2 === 0 ? view.getUint8(pair) | ((both & 15) << 8) : view.getUint8(pair + 2) | ((both >> 4) << 8);
        return bits > 2047 ? bits - 4096 : bits;
      },
      gap: -2048,
    },
  ],
]);

function wholeBytes(width: number, read: (view: DataView, offset: number) => number): SampleFormat {
  return {
    byteLength: (samples) => samples * width,
    sampleCount: (bytes) => Math.floor(bytes / width),
    read: (view, index) => read(view, index * width),
    gap: -(2 ** (8 * width - 1)),
  };
}

/** How the counts of one signal become mV. */
export interface Calibration {
  readonly baseline: number;
  /** mV for one count. */
  readonly scale: number;
}

/** One signal of a file of interleaved samples. */
export interface Interleaved {
  readonly format: SampleFormat;
  /** Signals in the file. */
  readonly signals: number;
  /** The place of this one among them. */
  readonly place: number;
  readonly calibration: Calibration;
}

/**
 * Reads one signal, with gaps as NaN.
 *
 * @param target as many values as samples are wanted; the file must hold them
 * @returns the sum of all samples modulo 65536, to compare with the header's checksum
 */
export function readSamples(
  bytes: Uint8Array,
  { format, signals, place, calibration }: Interleaved,
  target: Float32Array,
): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { baseline, scale } = calibration;
  let sum = 0;
  for (let index = 0; index < target.length; index += 1) {
    const count = format.read(view, index * signals + place);
    sum = (sum + count) | 0;
    target[index] = count === format.gap ? NaN : (count - baseline) * scale;
  }
  return sum & 0xffff;
}
