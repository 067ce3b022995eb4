import { AudioError } from '@hearken/core';
import { joinBytes } from '@hearken/core/internal';

/** Format of raw samples: signed little-endian integers, or floats. */
export const pcmFormats = ['s16le', 's24le', 's32le', 'f32le'] as const;
export type PcmFormat = (typeof pcmFormats)[number];

/** What raw PCM does not say about itself. */
export interface PcmLayout {
  readonly format: PcmFormat;
  /** Number of interleaved channels. */
  readonly channels: number;
  /** Whether to mix the channels down to one, their mean. */
  readonly isMixed: boolean;
}

const sampleBytes: Readonly<Record<PcmFormat, number>> = { s16le: 2, s24le: 3, s32le: 4, f32le: 4 };

/** Integers are divided by their full scale, as in WAV files. */
const readers: Readonly<Record<PcmFormat, (view: DataView, offset: number) => number>> = {
  s16le: (view, offset) => view.getInt16(offset, true) / 2 ** 15,
  s24le: (view, offset) => (view.getUint16(offset, true) + view.getInt8(offset + 2) * 2 ** 16) / 2 ** 23,
  s32le: (view, offset) => view.getInt32(offset, true) / 2 ** 31,
  f32le: (view, offset) => view.getFloat32(offset, true),
};

/**
 * Raw PCM as chunks of signal; bytes may be split anywhere.
 *
 * @returns each `[channels, samples]`, one channel if they are mixed
 * @throws AudioError if the input ends inside a sample
 */
export async function* pcmChunks(
  bytes: AsyncIterable<Uint8Array>,
  { format, channels, isMixed }: PcmLayout,
): AsyncGenerator<Float32Array, void> {
  const frameBytes = sampleBytes[format] * channels;
  let rest = new Uint8Array(0);
  for await (const piece of bytes) {
    const whole = rest.length > 0 ? joinBytes([rest, piece]) : piece;
    const used = whole.length - (whole.length % frameBytes);
    rest = whole.slice(used);
    if (used > 0) yield decode(whole.subarray(0, used), { format, channels, isMixed });
  }
  if (rest.length === 0) return;
  throw new AudioError({
    asked: `samples of ${frameBytes} bytes (${format}, ${channels} channel${channels === 1 ? '' : 's'})`,
    found: `${rest.length} extra bytes at the end`,
    fix: 'check --format and --channels, and that the input was not cut off',
  });
}

function decode(bytes: Uint8Array, { format, channels, isMixed }: PcmLayout): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [width, read] = [sampleBytes[format], readers[format]];
  const samples = bytes.length / (width * channels);
  const planar = new Float32Array(channels * samples);
  for (let index = 0; index < planar.length; index += 1) {
    planar[(index % channels) * samples + Math.floor(index / channels)] = read(view, index * width);
  }
  if (!isMixed || channels === 1) return planar;
  const mixed = new Float32Array(samples);
  for (let sample = 0; sample < samples; sample += 1) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel += 1) sum += planar[channel * samples + sample];
    mixed[sample] = sum / channels;
  }
  return mixed;
}
