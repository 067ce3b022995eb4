import { AudioError } from '@hearken/core';
import type { DecodedAudio } from './audio.js';

const maximumChannels = 256;
const maximumSampleRate = 1_000_000;
/** Writers that cannot seek back leave a size from here up; so does a recorder that was never told when it ends. */
const streamedSize = 0x7fff_0000;

const codecNames: Readonly<Record<number, string>> = {
  0x0002: 'Microsoft ADPCM',
  0x0006: 'A-law',
  0x0007: 'mu-law',
  0x0011: 'IMA ADPCM',
  0x0031: 'GSM 6.10',
  0x0050: 'MPEG',
  0x0055: 'MP3',
  0x0161: 'Windows Media Audio',
};

/** How the samples of a WAV file are stored. */
export interface WavFormat {
  /** PCM, or IEEE 754 floating point. */
  readonly codec: 'integer' | 'float';
  /** Interleaved channels. */
  readonly channels: number;
  /** Samples a second of each channel, in Hz. */
  readonly sampleRate: number;
  /** Bits of a sample. */
  readonly bits: number;
}

/**
 * Decodes a WAV file: PCM of 8, 16, 24 and 32 bits, float of 32 and 64 bits, plain or WAVE_FORMAT_EXTENSIBLE.
 * Integers are divided by their full scale (int16 / 32768, 8-bit (x - 128) / 128), libsndfile's convention.
 * The data size of a streamed file (unknown to its writer) is taken from the bytes there are.
 *
 * @param bytes the whole file
 * @param name what errors call it
 * @throws AudioError for anything else: truncated, empty, compressed, or absurd in rate or channels
 */
export function decodeWav(bytes: Uint8Array, name: string): DecodedAudio {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fail = failing(name);
  if (bytes.length < 12 || tag(view, 0) !== 'RIFF' || tag(view, 8) !== 'WAVE') {
    throw fail(
      bytes.length === 0 ? 'an empty file' : 'no RIFF/WAVE header',
      'pass a WAV file, or convert this one to WAV',
    );
  }
  let format: WavFormat | undefined;
  for (let offset = 12; offset + 8 <= bytes.length;) {
    const { name: chunk, size, start, next } = wavChunk(view, offset);
    if (chunk === 'fmt ') {
      if (size < 16 || start + size > bytes.length) throw fail('a damaged fmt chunk', 'write the file again');
      format = readFormat(view, start, size, fail);
    } else if (chunk === 'data') {
      const available = bytes.length - start;
      const riffBytes = view.getUint32(4, true) + 8;
      return readWhole(
        view,
        start,
        checkWavData(format, { declared: size, available, riffBytes, fileBytes: bytes.length }, name),
      );
    }
    offset = next;
  }
  throw noWavData(format, name);
}

/** A chunk of a RIFF file. */
export interface WavChunk {
  /** Its four letters, such as `data`. */
  readonly name: string;
  /** Bytes of its content. */
  readonly size: number;
  /** Offset of its content. */
  readonly start: number;
  /** Offset of the chunk after it: on an even offset, a padding byte does not count. */
  readonly next: number;
}

/** The chunk whose eight bytes of header lie at `at` of a view that begins at `offset` of the file. */
export function wavChunk(view: DataView, at: number, offset = 0): WavChunk {
  const size = view.getUint32(at + 4, true);
  const start = offset + at + 8;
  return { name: tag(view, at), size, start, next: start + size + (size % 2) };
}

/**
 * The format that the content of a `fmt ` chunk says.
 *
 * @param name what errors call the file
 * @throws AudioError for codecs that are not read, and absurd rates and channels
 */
export function parseWavFormat(content: DataView, name: string): WavFormat {
  const fail = failing(name);
  if (content.byteLength < 16) throw fail('a damaged fmt chunk', 'write the file again');
  return readFormat(content, 0, content.byteLength, fail);
}

/** Where a WAV file's samples end. */
export interface WavDataSize {
  /** What the data chunk says. */
  readonly declared: number;
  /** Bytes from its content to the end of the file. */
  readonly available: number;
  /** What the file says of its own size, and what that is. */
  readonly riffBytes: number;
  /** The size of the file itself. */
  readonly fileBytes: number;
}

/** The samples of a WAV file: how they are stored and how many of each channel there are. */
export interface WavData {
  /** How the samples are stored. */
  readonly format: WavFormat;
  /** Samples of each channel. */
  readonly frames: number;
  /** Bytes of one sample of every channel. */
  readonly stride: number;
}

/**
 * How many samples there are.
 *
 * @throws AudioError for none, or fewer than declared
 */
export function checkWavData(format: WavFormat | undefined, size: WavDataSize, name: string): WavData {
  const fail = failing(name);
  if (format === undefined) throw fail('sample data before any fmt chunk', 'write the file again');
  const stride = (format.bits / 8) * format.channels;
  const frames = Math.floor(dataSize(size, fail) / stride);
  if (frames === 0) throw fail('no samples', 'leave this file out, or record it again');
  return { format, frames, stride };
}

/** The error for a file that ends before its samples. */
export function noWavData(format: WavFormat | undefined, name: string): AudioError {
  const found = format === undefined ? 'no fmt chunk' : 'no data chunk';
  return failing(name)(found, 'the file is truncated: copy or download it again');
}

type Fail = (found: string, fix: string) => AudioError;

function failing(name: string): Fail {
  return (found, fix) => new AudioError({ asked: `WAV audio of '${name}'`, found, fix });
}

function tag(view: DataView, offset: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((index) => view.getUint8(offset + index)));
}

function readFormat(view: DataView, start: number, size: number, fail: Fail): WavFormat {
  let code = view.getUint16(start, true);
  const channels = view.getUint16(start + 2, true);
  const sampleRate = view.getUint32(start + 4, true);
  const blockAlign = view.getUint16(start + 12, true);
  const bits = view.getUint16(start + 14, true);
  if (code === 0xfffe) {
    if (size < 40) throw fail('an extensible fmt chunk of under 40 bytes', 'write the file again');
    // The first two bytes of the sub-format GUID are the plain format code.
    code = view.getUint16(start + 24, true);
  }
  const codec = code === 1 ? 'integer' : code === 3 ? 'float' : undefined;
  const readable = codec === 'integer' ? [8, 16, 24, 32] : [32, 64];
  if (codec === undefined || !readable.includes(bits)) {
    const codecName = codec ?? codecNames[code] ?? `codec 0x${code.toString(16).padStart(4, '0')}`;
    throw fail(`${codecName}, ${bits} bits`, 'convert it to PCM (8, 16, 24, 32 bits) or float (32, 64 bits)');
  }
  if (channels < 1 || channels > maximumChannels) {
    throw fail(`${channels} channels`, `pass a file of 1 to ${maximumChannels} channels`);
  }
  if (sampleRate < 1 || sampleRate > maximumSampleRate) {
    throw fail(`a sample rate of ${sampleRate} Hz`, `pass a file of 1 to ${maximumSampleRate} Hz`);
  }
  if (blockAlign !== (channels * bits) / 8) {
    throw fail(
      `frames of ${blockAlign} bytes where ${channels} channels of ${bits} bits take ${(channels * bits) / 8}`,
      'write the file again',
    );
  }
  return { codec, channels, sampleRate, bits };
}

/** Bytes of sample data: as declared, or all that is left where the writer did not know. */
function dataSize({ declared, available, riffBytes, fileBytes }: WavDataSize, fail: Fail): number {
  // A size of zero is honest where the RIFF size agrees with the file, and a header never completed where it does not.
  if (declared === 0 && available > 0 && riffBytes < fileBytes) return available;
  if (declared <= available) return declared;
  if (declared >= streamedSize) return available;
  throw fail(`${available} of ${declared} bytes of sample data`, 'the file is truncated: copy or download it again');
}

function readWhole(view: DataView, start: number, { format, frames, stride }: WavData): DecodedAudio {
  const channels = Array.from({ length: format.channels }, () => new Float32Array(frames));
  channels.forEach((channel, index) => {
    readWavSamples(view, { start: start + (index * format.bits) / 8, stride }, format, channel);
  });
  return { channels, sampleRate: format.sampleRate };
}

/** Reads samples that lie `stride` bytes apart, as many as `target` takes. */
export function readWavSamples(
  view: DataView,
  { start, stride }: { readonly start: number; readonly stride: number },
  format: WavFormat,
  target: Float32Array,
): void {
  const read = sampleReader(view, format);
  for (let index = 0, offset = start; index < target.length; index += 1, offset += stride) target[index] = read(offset);
}

function sampleReader(view: DataView, { codec, bits }: WavFormat): (offset: number) => number {
  if (codec === 'float') {
    return bits === 32 ? (offset) => view.getFloat32(offset, true) : (offset) => view.getFloat64(offset, true);
  }
  if (bits === 8) return (offset) => (view.getUint8(offset) - 128) / 128;
  if (bits === 16) return (offset) => view.getInt16(offset, true) / 32768;
  if (bits === 24) {
    return (offset) => (view.getUint16(offset, true) + view.getInt8(offset + 2) * 65536) / 8388608;
  }
  return (offset) => view.getInt32(offset, true) / 2147483648;
}
