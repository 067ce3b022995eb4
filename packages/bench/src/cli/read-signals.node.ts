import { AudioError, OptionError, type Embedder } from '@hearken/core';
import { readPlainFile } from '@hearken/core/node';
import { isEcg } from '@hearken/signals/internal/node';
import { readNpy } from '@hearken/signals';
import { fullScaleWarning, readAudioSignal } from './read-audio-signal.node.js';
import {
  arrayLevelWarning,
  fillArrayGaps,
  readEcgSignal,
  type ReadEcgSignalOptions,
  takesEcgs,
} from './read-ecg-signal.node.js';
import { resampleChannels } from '@hearken/signals/internal';
import { resample } from '@hearken/signals/onnx';

const maximumBytes = 2 ** 30;

/**
 * The signals of a file at the sample rate and channels that an embedder takes. Audio files and ECG records have one; a
 * `.npy` file has one as `[samples]` (one channel) or `[channels, samples]`, or several as `[n, samples]` (one channel)
 * or `[n, channels, samples]`.
 *
 * @returns each `[channels, samples]`, row-major
 * @throws AudioError or FileError naming the file, OptionError for a `.npy` file without a sample rate
 */
export async function readSignals(
  path: string,
  embedder: Embedder,
  options: ReadEcgSignalOptions = {},
): Promise<Float32Array[]> {
  if (!/\.npy$/i.test(path)) {
    // Errors of an ECG model mention ECG files, those of an audio model audio files.
    const isOfEcg = takesEcgs(embedder) || (await isEcg(path));
    return [
      isOfEcg ? await readEcgSignal(path, embedder, options) : await readAudioSignal(path, embedder, options.onWarning),
    ];
  }
  const { sampleRate, onWarning } = options;
  if (sampleRate === undefined) {
    throw new OptionError({ asked: `signals of '${path}'`, found: 'no sample rate', fix: 'pass --sample-rate' });
  }
  const { data, shape } = readNpy(await readBytes(path), path);
  const { channels } = embedder;
  const samples = shape[shape.length - 1] ?? 0;
  const expected = channels === 1 ? [1, 2, 3] : [2, 3];
  const channelsFit = channels === 1 ? shape.length < 3 || shape[1] === 1 : shape[shape.length - 2] === channels;
  if (!expected.includes(shape.length) || !channelsFit || data.length === 0) {
    throw new AudioError({
      asked: `signals with ${channels} channel${channels === 1 ? '' : 's'} from '${path}'`,
      found: `an array of shape [${shape.join(', ')}]`,
      fix: channels === 1 ? 'save it as [samples] or [n, samples]' : `save it as [${channels}, samples]`,
    });
  }
  const signals: Float32Array[] = [];
  const level = channels === 1 ? fullScaleWarning(data) : arrayLevelWarning(data, samples, embedder);
  if (level !== undefined) onWarning?.(level);
  for (let start = 0; start < data.length; start += channels * samples) {
    const signal = fillArrayGaps(data.subarray(start, start + channels * samples), path, embedder, onWarning);
    signals.push(await resampleChannels(signal, channels, sampleRate, embedder.sampleRate, resample));
  }
  return signals;
}

async function readBytes(path: string): Promise<Uint8Array> {
  return readPlainFile(path, {
    maximumBytes,
    refuse: ({ reason, found, fix, cause }) =>
      new AudioError({
        asked: `signal file '${path}'`,
        found,
        fix: reason === 'too-large' ? 'cut it into parts' : fix,
        cause,
      }),
  });
}
