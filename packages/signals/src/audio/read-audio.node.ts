import { AudioError } from '@hearken/core';
import { joinValues } from '@hearken/core/internal';
import { type PlainFileOptions, readPlainFile } from '@hearken/core/node';
import { mixToMono, type DecodedAudio } from './audio.js';
import { checkFinite } from './check-finite.js';
import type { DecodeLimits } from './decode-limits.js';
import { decodeAudio } from './decode.node.js';
import { readMonoSound } from './pcm/mono-sound.js';
import type { SoundLayout } from './pcm/sound-layout.js';
import { maximumBytes, refusalOf, withPlainSound } from './plain-sound.node.js';
import { resample as resampleInJavaScript, type Resample } from './resample.js';

/** The most samples of a file after mixing down: 2 GiB of float32. */
const maximumMonoSamples = 2 ** 29;

/** How to read an audio file. */
export interface ReadAudioOptions {
  /** Sample rate of the result in Hz; default: the file's. */
  readonly sampleRate?: number;
  /** `mono` (default): the mean of the channels. `all`: every channel, row-major `[channels, samples]`. */
  readonly channels?: 'mono' | 'all';
  /** The resampler; default: plain JavaScript. */
  readonly resample?: Resample;
}

/**
 * Reads, mixes down and resamples an audio file.
 *
 * @returns `[samples]`, or `[channels, samples]` row-major with `channels: 'all'`, full scale at ±1
 * @throws AudioError if it can't be read or decoded, is over 1 GiB, or contains NaN or infinity
 */
export async function readAudioFile(path: string, options: ReadAudioOptions = {}): Promise<Float32Array> {
  const { channels, sampleRate } = await (options.channels === 'all' ? decodeAudioFile(path) : decodeMonoFile(path));
  const { sampleRate: rate = sampleRate, resample = resampleInJavaScript } = options;
  return joinValues(await Promise.all(channels.map((channel) => resample(channel, sampleRate, rate))));
}

/**
 * Decodes an audio file without mixing or resampling.
 *
 * @param options `within`: an untrusted folder, which links must not lead out of
 * @throws AudioError if it can't be read or decoded, is over 1 GiB, or contains NaN or infinity
 */
export async function decodeAudioFile(
  path: string,
  options: Pick<PlainFileOptions, 'within'> = {},
): Promise<DecodedAudio> {
  // If it is not audio, only enough is read to find that out.
  await withPlainSound(path, options, () => Promise.resolve());
  return decodeWhole(path, options);
}

/** A file's sound, mixed down to one channel. */
export interface MonoFile extends DecodedAudio {
  /** Number of channels of the file. */
  readonly fileChannels: number;
}

/**
 * Decodes an audio file at its rate and mixes it down. For uncompressed formats (WAV, AIFF, CAF, AU and the like),
 * memory only holds the result and a few megabytes of the file, however long it is.
 *
 * @param options `within`: an untrusted folder, which links must not lead out of
 * @throws AudioError if it can't be read or decoded, is too long, or contains NaN or infinity
 */
export async function decodeMonoFile(path: string, options: Pick<PlainFileOptions, 'within'> = {}): Promise<MonoFile> {
  const long = await withPlainSound(path, options, async (sound) => {
    if (sound === undefined) return undefined;
    const { source, layout } = sound;
    checkMonoLength(layout, path);
    const mono = await readMonoSound(source, layout, path);
    return { channels: [mono], sampleRate: layout.sampleRate, fileChannels: layout.channels };
  });
  if (long !== undefined) return long;
  const { channels, sampleRate, mixedFrom } = await decodeWhole(path, options, { mixDown: true });
  return { channels: [mixToMono(channels)], sampleRate, fileChannels: mixedFrom ?? channels.length };
}

async function decodeWhole(
  path: string,
  { within }: Pick<PlainFileOptions, 'within'>,
  limits: DecodeLimits = {},
): Promise<DecodedAudio> {
  const bytes = await readPlainFile(path, { maximumBytes, refuse: refusalOf(path), within });
  const audio = await decodeAudio(bytes, path, limits);
  checkFinite(audio.channels, 0, path);
  return audio;
}

/**
 * Checks how much memory one channel takes.
 *
 * @throws AudioError for over 2 GiB
 */
export function checkMonoLength(
  { frames, sampleRate }: Pick<SoundLayout, 'frames' | 'sampleRate'>,
  path: string,
): void {
  if (frames <= maximumMonoSamples) return;
  throw new AudioError({
    asked: `audio of '${path}'`,
    found: `${frames} samples (${Math.round(frames / sampleRate)} s), over the limit of ${maximumMonoSamples}`,
    fix: "cut it into shorter files, or pipe its samples into 'hearken embed -', which takes any length",
  });
}
