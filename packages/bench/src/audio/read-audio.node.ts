import { AudioError, firstNonFinite } from '@hearken/core';
import { readPlainFile, type PlainFileOptions, type UnreadableFile } from '@hearken/onnx/node';
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
 * @param options `within`: a stranger's folder, which no link may lead out of
 * @throws AudioError when it cannot be read or decoded, is over 1 GiB, or holds NaN or infinity
 */
export async function decodeAudioFile(
  path: string,
  options: Pick<PlainFileOptions, 'within'> = {},
): Promise<DecodedAudio> {
  const audio = await decodeAudio(await readBounded(path, options.within), path);
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

const fixes: Readonly<Record<string, string>> = {
  'too-large': 'cut it into shorter files',
  'not-a-file': 'pass an audio file',
};

function readBounded(path: string, within?: string): Promise<Uint8Array> {
  const refuse = ({ reason, found, fix, cause }: UnreadableFile) =>
    new AudioError({
      asked: `audio file '${path}'`,
      found,
      fix: fixes[reason] ?? fix,
      cause,
    });
  return readPlainFile(path, { maximumBytes, refuse, within });
}
