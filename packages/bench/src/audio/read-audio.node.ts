import { readFile, stat } from 'node:fs/promises';
import { AudioError, firstNonFinite } from '@hearken/core';
import { mixToMono, type DecodedAudio } from './audio.js';
import { decodeAudio } from './decode.js';
import { resample } from './resample.node.js';

/** Larger files are refused before they are read. */
const maximumBytes = 2 ** 30;

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
  const { channels, sampleRate } = await decodeAudioFile(path);
  const wanted = options.channels === 'all' ? channels : [mixToMono(channels)];
  const rate = options.sampleRate ?? sampleRate;
  const resampled = await Promise.all(wanted.map((channel) => resample(channel, sampleRate, rate)));
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
 * @throws AudioError when it cannot be read or decoded, is over 1 GiB, or holds NaN or infinity
 */
export async function decodeAudioFile(path: string): Promise<DecodedAudio> {
  const audio = await decodeAudio(await readBounded(path), path);
  audio.channels.forEach((channel, index) => {
    const offending = firstNonFinite(channel);
    if (offending >= 0) {
      throw new AudioError({
        asked: `finite samples of '${path}'`,
        found: `${channel[offending]} at sample ${offending} of channel ${index}`,
        fix: 'repair or leave out that file',
      });
    }
  });
  return audio;
}

async function readBounded(path: string): Promise<Uint8Array> {
  const asked = `audio file '${path}'`;
  try {
    const status = await stat(path);
    if (!status.isFile()) throw new AudioError({ asked, found: 'something not a file', fix: 'pass an audio file' });
    if (status.size > maximumBytes) {
      throw new AudioError({
        asked,
        found: `${status.size} bytes, over the limit of ${maximumBytes}`,
        fix: 'cut it into shorter files',
      });
    }
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof AudioError) throw cause;
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new AudioError({
      asked,
      found: missing ? 'no such file' : (cause as Error).message,
      fix: missing ? 'check the path' : 'check that it can be read',
      cause,
    });
  }
}
