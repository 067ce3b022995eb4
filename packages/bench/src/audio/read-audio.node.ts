import { AudioError, firstNonFinite } from '@hearken/core';
import { openPlainFile, readPlainFile, type PlainFileOptions, type UnreadableFile } from '@hearken/onnx/node';
import { mixToMono, type DecodedAudio } from './audio.js';
import { readSource, sourceFrom, type ByteSource } from './byte-source.js';
import { decodeAudio } from './decode.js';
import { findContent } from './detect-content.js';
import { fileSource } from './file-source.node.js';
import { soundFinder } from './pcm/find-sound.js';
import { readSoundPieces } from './pcm/read-sound.js';
import type { SoundLayout } from './pcm/sound-layout.js';
import { resample } from './resample.node.js';

/** Larger files are refused before they are read, but for plain samples that are mixed down. */
const maximumBytes = 2 ** 30;
/** Smaller files are read at once. */
const wholeBytes = 2 ** 22;
/** Samples that a file may have once it is mixed down: 2 GiB of float32. */
const maximumMonoSamples = 2 ** 29;

/** What to make of an audio file. */
export interface ReadAudioOptions {
  /** Hz of the result; default: the file's own. */
  readonly sampleRate?: number;
  /** `mono` (default): the mean of the channels. `all`: every channel, row-major `[channels, samples]`. */
  readonly channels?: 'mono' | 'all';
}

/**
 * Reads, mixes down and resamples an audio file.
 *
 * @returns `[samples]`, or `[channels, samples]` row-major with `channels: 'all'`, full scale at ±1
 * @throws AudioError when it cannot be read or decoded, is over 1 GiB, or holds NaN or infinity
 */
export async function readAudioFile(path: string, options: ReadAudioOptions = {}): Promise<Float32Array> {
  const { channels, sampleRate } = await (options.channels === 'all' ? decodeAudioFile(path) : decodeMonoFile(path));
  const rate = options.sampleRate ?? sampleRate;
  const resampled = await Promise.all(channels.map((channel) => resample(channel, sampleRate, rate)));
  if (resampled.length === 1) return resampled[0];
  const joined = new Float32Array(resampled.length * resampled[0].length);
  resampled.forEach((channel, index) => {
    joined.set(channel, index * channel.length);
  });
  return joined;
}

/**
 * Decodes an audio file as it is: its own channels at its own rate.
 *
 * @param options `within`: a stranger's folder, which no link may lead out of
 * @throws AudioError when it cannot be read or decoded, is over 1 GiB, or holds NaN or infinity
 */
export async function decodeAudioFile(
  path: string,
  options: Pick<PlainFileOptions, 'within'> = {},
): Promise<DecodedAudio> {
  const audio = await decodeAudio(await readBounded(path, options.within), path);
  checkFinite(audio.channels, 0, path);
  return audio;
}

/** A file's sound as one channel. */
export interface MonoFile extends DecodedAudio {
  /** Channels of the file, whose mean the one channel is. */
  readonly fileChannels: number;
}

/**
 * Decodes an audio file and mixes it down, at its own rate. Of plain samples (WAV, AIFF, CAF, AU and the like) memory holds
 * the result and a few megabytes of the file, however long it is.
 *
 * @param options `within`: a stranger's folder, which no link may lead out of
 * @throws AudioError when it cannot be read or decoded, is too long, or holds NaN or infinity
 */
export async function decodeMonoFile(path: string, options: Pick<PlainFileOptions, 'within'> = {}): Promise<MonoFile> {
  const { handle, size } = await openPlainFile(path, { refuse: refusalOf(path), within: options.within });
  try {
    const sound = size > wholeBytes ? await findPlainSound(fileSource(handle, size), path) : undefined;
    if (sound !== undefined) return await mixPieces(sound.source, sound.layout, path);
  } finally {
    await handle.close();
  }
  const { channels, sampleRate } = await decodeAudioFile(path, options);
  return { channels: [mixToMono(channels)], sampleRate, fileChannels: channels.length };
}

/** Where plain samples are; undefined for what a decoder reads. */
async function findPlainSound(file: ByteSource, path: string) {
  const content = await readSource(findContent(file.size), file);
  const find = content?.format && soundFinder(content.format);
  if (content === undefined || find === undefined) return undefined;
  const source = sourceFrom(file, content.offset);
  const layout = await readSource(find(source.size, path), source);
  return 'encloses' in layout ? undefined : { source, layout };
}

async function mixPieces(source: ByteSource, layout: SoundLayout, path: string): Promise<MonoFile> {
  const { frames, sampleRate, channels } = layout;
  if (frames > maximumMonoSamples) {
    throw new AudioError({
      asked: `audio of '${path}'`,
      found: `${frames} samples (${Math.round(frames / sampleRate)} s), over the limit of ${maximumMonoSamples}`,
      fix: "cut it into shorter files, or pipe its samples into 'hearken embed -', which takes any length",
    });
  }
  const mono = new Float32Array(frames);
  let first = 0;
  for await (const piece of readSoundPieces(source, layout, path)) {
    checkFinite(piece, first, path);
    mono.set(mixToMono(piece), first);
    first += piece[0].length;
  }
  return { channels: [mono], sampleRate, fileChannels: channels };
}

function checkFinite(channels: readonly Float32Array[], first: number, path: string): void {
  channels.forEach((channel, index) => {
    const offending = firstNonFinite(channel);
    if (offending >= 0) {
      throw new AudioError({
        asked: `finite samples of '${path}'`,
        found: `${channel[offending]} at sample ${first + offending} of channel ${index}`,
        fix: 'repair or leave out that file',
      });
    }
  });
}

const fixes: Readonly<Record<string, string>> = {
  'too-large': 'cut it into shorter files',
  'not-a-file': 'pass an audio file',
};

function readBounded(path: string, within?: string): Promise<Uint8Array> {
  return readPlainFile(path, { maximumBytes, refuse: refusalOf(path), within });
}

function refusalOf(path: string): (why: UnreadableFile) => AudioError {
  return ({ reason, found, fix, cause }) =>
    new AudioError({ asked: `audio file '${path}'`, found, fix: fixes[reason] ?? fix, cause });
}
