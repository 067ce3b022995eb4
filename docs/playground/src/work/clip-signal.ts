import { type Embedder, OptionError } from '@hearken/core';
import { decodeSound } from './embed-audio.js';
import { resampledLeads } from './embed-ecg.js';
import type { KnownClip } from './jobs.js';

/**
 * Reads a clip again, because its samples are not kept: `[channels, samples]` at the model's rate.
 *
 * @throws OptionError for a model of another kind of signal
 */
export async function clipSignal(
  { kind, files, name }: KnownClip,
  model: Pick<Embedder, 'channels' | 'sampleRate'>,
  abortSignal: AbortSignal,
): Promise<Float32Array> {
  const { readEcgFiles, resampleSignal } = await import('@hearken/bench/web');
  if (kind === 'audio' && model.channels === 1) {
    const { samples, sampleRate } = await decodeSound(files[0], abortSignal);
    return resampleSignal(samples, sampleRate, model.sampleRate);
  }
  const records = kind === 'ecg' ? await readEcgFiles(files) : [];
  const record = records.find((one) => one.name === name && one.leads.length === model.channels);
  if (record !== undefined) return resampledLeads(record, model.sampleRate);
  throw new OptionError({
    asked: `the signal of ${name}`,
    found: 'a model for another kind of signal',
    fix: 'load a model for this kind',
  });
}
