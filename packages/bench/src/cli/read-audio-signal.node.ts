import { AudioError, standardLeads, type Embedder } from '@hearken/core';
import { decodeAudioFile } from '@hearken/signals/node';
import { decodeMonoFile, type MonoFile } from '@hearken/signals/internal/node';
import { joinValues } from '@hearken/core/internal';
import { resampleChannels } from '@hearken/signals/internal';
import { resample } from '@hearken/signals/onnx';

/** Full scale is 1; peaks added by compression stay below this. */
const largestPeak = 1.5;

/**
 * The signal of an audio file at the sample rate and channels that an embedder takes.
 *
 * @returns `[channels, samples]`, row-major; mixed down if the embedder takes one channel
 * @throws AudioError naming the file, also if the embedder takes ECGs or another number of channels
 */
export async function readAudioSignal(
  path: string,
  embedder: Embedder,
  onWarning?: (warning: string) => void,
): Promise<Float32Array> {
  const { channels, sampleRate, fileChannels } = await readChannels(path, embedder.channels === 1);
  checkAudioFits(path, fileChannels, embedder);
  const signal = channels.length === 1 ? channels[0] : joinValues(channels);
  const warning = fullScaleWarning(signal);
  if (warning !== undefined) onWarning?.(warning);
  return resampleChannels(signal, channels.length, sampleRate, embedder.sampleRate, resample);
}

async function readChannels(path: string, mono: boolean): Promise<MonoFile> {
  if (mono) return decodeMonoFile(path);
  const audio = await decodeAudioFile(path);
  return { ...audio, fileChannels: audio.channels.length };
}

/** The warning about audio far over full scale; undefined if it is not. */
export function fullScaleWarning(signal: Float32Array): string | undefined {
  return peakWarning(peakOf(signal));
}

/** The largest absolute value. */
export function peakOf(signal: Float32Array): number {
  let peak = 0;
  for (const value of signal) peak = Math.max(peak, Math.abs(value));
  return peak;
}

/** The warning about such a peak; undefined if it is normal. */
export function peakWarning(peak: number): string | undefined {
  if (!(peak > largestPeak)) return undefined;
  return `The peak is ${Number(peak.toPrecision(3))} times full scale, over ${largestPeak}: are the samples scaled to [-1, 1]?`;
}

/** @throws AudioError if the embedder takes ECGs or another number of channels than the file has */
export function checkAudioFits(path: string, found: number, { channels, provenance }: Embedder): void {
  const isOfEcgs = channels === standardLeads.length || Array.isArray(provenance.options.leads);
  if (!isOfEcgs && (channels === 1 || channels === found)) return;
  throw new AudioError({
    asked: `'${path}' as input of ${provenance.plugin}:${provenance.model}`,
    found: isOfEcgs
      ? `audio for a model of ${channels}-lead ECGs`
      : `audio with ${found} channel${found === 1 ? '' : 's'} for a model that takes ${channels}`,
    fix: isOfEcgs
      ? 'choose an audio model, or an ECG file (.hea, .csv, .npy)'
      : `pass a file with ${channels} channels`,
  });
}
