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

interface WavFormat {
  readonly codec: 'integer' | 'float';
  readonly channels: number;
  readonly sampleRate: number;
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
  // A chunk starts on an even offset; its size does not count the padding byte.
  for (let offset = 12; offset + 8 <= bytes.length;) {
    const chunk = tag(view, offset);
    const size = view.getUint32(offset + 4, true);
    const start = offset + 8;
    if (chunk === 'fmt ') {
      if (size < 16 || start + size > bytes.length) throw fail('a damaged fmt chunk', 'write the file again');
      format = readFormat(view, start, size, fail);
    } else if (chunk === 'data') {
      if (format === undefined) throw fail('sample data before any fmt chunk', 'write the file again');
      return readSamples(view, start, dataSize(view, start, size, fail), format, fail);
    }
    offset = start + size + (size % 2);
  }
  throw fail(
    format === undefined ? 'no fmt chunk' : 'no data chunk',
    'the file is truncated: copy or download it again',
  );
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
function dataSize(view: DataView, start: number, declared: number, fail: Fail): number {
  const available = view.byteLength - start;
  const riffEnd = view.getUint32(4, true) + 8;
  // A size of zero is honest where the RIFF size agrees with the file, and a header never completed where it does not.
  if (declared === 0 && available > 0 && riffEnd < view.byteLength) return available;
  if (declared <= available) return declared;
  if (declared >= streamedSize) return available;
  throw fail(`${available} of ${declared} bytes of sample data`, 'the file is truncated: copy or download it again');
}

function readSamples(view: DataView, start: number, size: number, format: WavFormat, fail: Fail): DecodedAudio {
  const width = format.bits / 8;
  const frames = Math.floor(size / (width * format.channels));
  if (frames === 0) throw fail('no samples', 'leave this file out, or record it again');
  const read = sampleReader(view, format);
  const channels = Array.from({ length: format.channels }, () => new Float32Array(frames));
  const stride = width * format.channels;
  channels.forEach((channel, index) => {
    let offset = start + index * width;
    for (let frame = 0; frame < frames; frame += 1) {
      channel[frame] = read(offset);
      offset += stride;
    }
  });
  return { channels, sampleRate: format.sampleRate };
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
