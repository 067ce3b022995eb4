import { AudioError } from '@hearken/core';
import type { DecodedAudio } from './audio.js';
import { videoKind } from './content-kind.js';
import { detectContent } from './detect-content.js';
import { readableFormats, type AudioFormat, type Content, type ReadableContent } from './format.js';
import { readBytes } from './byte-source.js';
import { soundFinder, type PcmContainer } from './pcm/find-sound.js';
import { decodeSound } from './pcm/read-sound.js';
import type { SoundLayout } from './pcm/sound-layout.js';
import { joinValues } from '../files/join-values.js';

/** Samples of all channels together that a file may decode to: 2 GiB of float32. */
const defaultMaximumSamples = 2 ** 29;
/** A decoder is fed this much at a time, so that a file which unpacks without end is stopped early. */
const feedBytes = 2 ** 18;

/** Formats that are left to a decoder. */
export type DecodedFormat = Exclude<AudioFormat, PcmContainer>;

/** What a decoder gives at a time. */
export interface DecodedPart {
  readonly channelData: Float32Array[];
  readonly sampleRate: number;
}

/** Decodes the pieces of a file; which decoders there are differs between Node.js and browsers. */
export type PartDecoder = (pieces: AsyncIterable<Uint8Array>, format: DecodedFormat) => AsyncIterable<DecodedPart>;

/** What is too much of an audio file. */
export interface DecodeLimits {
  /** Longest that it may be; a decoder stops there. Default: any length. */
  readonly maximumSeconds?: number;
  /** Samples of all channels together; default: 2 GiB of float32. */
  readonly maximumSamples?: number;
  /** Stops between two pieces of the file. */
  readonly abortSignal?: AbortSignal;
}

/**
 * Decodes an audio file of any readable format, told apart by its content. Containers of plain samples are read here.
 *
 * @param decoder decodes all other formats
 * @param bytes the whole file
 * @param name what errors call it
 * @throws AudioError when the content is unknown, damaged, truncated, empty, or unpacks to more than the limits
 */
export async function decodeAudioWith(
  decoder: PartDecoder,
  bytes: Uint8Array,
  name: string,
  limits: DecodeLimits = {},
): Promise<DecodedAudio> {
  const { format, offset } = readableContent(detectContent(bytes), bytes.length, name);
  // Tags and padding in front are no part of what a decoder gets.
  const content = bytes.subarray(offset);
  const find = soundFinder(format);
  if (find !== undefined) {
    const sound = readBytes(find(content.length, name), content);
    if ('encloses' in sound) {
      const enclosed = content.subarray(sound.start, sound.start + sound.bytes);
      return decodeCompressed(decoder, enclosed, sound.encloses, name, limits);
    }
    checkLength(sound, name, limits);
    return decodeSound(content, sound);
  }
  return decodeCompressed(decoder, content, format as DecodedFormat, name, limits);
}

/**
 * Checks how long a sound is before memory is taken for it.
 *
 * @throws AudioError for more than the limits
 */
export function checkLength(sound: SoundLayout, name: string, limits: DecodeLimits): void {
  const { maximumSeconds = Infinity, maximumSamples = defaultMaximumSamples } = limits;
  const { frames, channels, sampleRate } = sound;
  if (frames > maximumSeconds * sampleRate) throw tooLong(name, maximumSeconds, frames / sampleRate);
  if (frames * channels > maximumSamples) {
    throw new AudioError({
      asked: `audio of '${name}'`,
      found: `${frames * channels} samples, over the limit of ${maximumSamples}`,
      fix: 'cut it into shorter files',
    });
  }
}

/**
 * The content of a file that can be read.
 *
 * @throws AudioError that names anything else, and says what to do
 */
export function readableContent(content: Content | undefined, size: number, name: string): ReadableContent {
  if (content?.format !== undefined) return content;
  const found = size === 0 ? 'an empty file' : (content?.words ?? 'content of no known audio format');
  const fix = content?.fix ?? `pass one of ${readableFormats}`;
  throw new AudioError({ asked: `audio of '${name}'`, found, fix });
}

async function decodeCompressed(
  decoder: PartDecoder,
  bytes: Uint8Array,
  format: DecodedFormat,
  name: string,
  { maximumSeconds = Infinity, maximumSamples = defaultMaximumSamples, abortSignal }: DecodeLimits,
): Promise<DecodedAudio> {
  const fail = (found: string, fix: string, cause?: unknown) =>
    new AudioError({ asked: `${format.toUpperCase()} audio of '${name}'`, found, fix, cause });
  const parts: Float32Array[][] = [];
  let sampleRate = 0;
  let total = 0;
  let frames = 0;
  try {
    for await (const part of decoder(feed(bytes, abortSignal), format)) {
      parts.push(part.channelData);
      sampleRate ||= part.sampleRate;
      total += part.channelData.length * part.channelData[0].length;
      if (total > maximumSamples) throw fail(`over ${maximumSamples} samples`, 'cut it into shorter files');
      frames += part.channelData[0].length;
      if (frames > maximumSeconds * sampleRate) throw tooLong(name, maximumSeconds);
      if (part.sampleRate !== sampleRate || part.channelData.length !== parts[0].length) {
        throw fail('a sample rate or channel count that changes midway', 'convert it to WAV');
      }
    }
  } catch (cause) {
    if (cause instanceof AudioError) throw cause;
    abortSignal?.throwIfAborted();
    const reason = cause instanceof Error ? cause.message : String(cause);
    const what = videoKind(bytes) ?? 'data';
    throw fail(`${what} that cannot be decoded (${reason})`, 'check that it plays, or convert it to WAV', cause);
  }
  if (total === 0)
    throw fail('no sample that can be decoded', 'the file is damaged or empty: copy or download it again');
  if (!(sampleRate > 0)) throw fail(`a sample rate of ${sampleRate} Hz`, 'convert it to WAV');
  const channels = parts[0].map((_, channel) => joinValues(parts.map((part) => part[channel])));
  const info = format === 'flac' ? flacInfo(bytes) : undefined;
  if (info !== undefined && channels[0].length < info.samples) {
    throw fail(
      `${channels[0].length} of ${info.samples} samples`,
      'the file is truncated or damaged: copy or download it again',
    );
  }
  if (info !== undefined) channels.forEach((channel) => rescale(channel, info.bits));
  return { channels, sampleRate };
}

/** The error for a file that is longer than it may be. */
export function tooLong(name: string, maximumSeconds: number, seconds?: number): AudioError {
  return new AudioError({
    asked: `audio of '${name}' of at most ${maximumSeconds} s`,
    found: seconds === undefined ? 'more than that' : `${Math.round(seconds)} s`,
    fix: 'cut it into shorter files',
  });
}

async function* feed(bytes: Uint8Array, abortSignal?: AbortSignal): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < bytes.length; offset += feedBytes) {
    if (abortSignal !== undefined) {
      // What aborts may be a message to this thread, which has to be let in.
      await new Promise((resolve) => setTimeout(resolve));
      abortSignal.throwIfAborted();
    }
    yield bytes.slice(offset, offset + feedBytes);
  }
}

/**
 * What a native FLAC file declares (STREAMINFO, RFC 9639 section 8.2): its decoder keeps quiet about lost frames.
 *
 * @returns samples a channel, 0 where the writer did not know, and bits a sample
 */
function flacInfo(bytes: Uint8Array): { samples: number; bits: number } | undefined {
  if (String.fromCharCode(...bytes.subarray(0, 4)) !== 'fLaC' || bytes.length < 26) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const samples = (bytes[21] & 0x0f) * 2 ** 32 + view.getUint32(22);
  return { samples, bits: (((bytes[20] & 1) << 4) | (bytes[21] >> 4)) + 1 };
}

/** The FLAC decoder divides by the largest positive sample; the convention here, as for WAV, is full scale. */
function rescale(channel: Float32Array, bits: number): void {
  const fullScale = 2 ** (bits - 1);
  for (let index = 0; index < channel.length; index += 1) {
    channel[index] = Math.round(channel[index] * (fullScale - 1)) / fullScale;
  }
}
