import { type Embedder, getSceneLogits, headOf, labelProbabilities, OptionError, signalBatch } from '@hearken/core';
import { decodeSound } from './embed-audio.js';
import { resampledLeads } from './embed-ecg.js';
import type { Answer, OwnLabelsAsk } from './jobs.js';
import { loadedModel } from './loaded-model.js';
import type { JobContext } from './serve-jobs.js';

/**
 * What the model's own classifier says of a clip. The clip is read again: its samples were not kept.
 *
 * @throws OptionError for a model without a classifier, or of another kind of signal
 */
export async function ownLabels(ask: OwnLabelsAsk, { abortSignal }: JobContext<'ownLabels'>): Promise<Answer> {
  const embedder = loadedModel();
  const { size, kind } = headOf(embedder);
  const signal = await signalOf(ask, embedder, abortSignal);
  const batch = signalBatch([signal], embedder.channels);
  const { data } = await getSceneLogits(batch, embedder, { abortSignal });
  return [...labelProbabilities(data, size, kind)];
}

/** `[channels, samples]` at the embedder's rate */
async function signalOf(
  { kind, files, name }: OwnLabelsAsk,
  embedder: Embedder,
  abortSignal: AbortSignal,
): Promise<Float32Array> {
  const { readEcgFiles, resampleSignal } = await import('@hearken/bench/web');
  if (kind === 'audio' && embedder.channels === 1) {
    const { samples, sampleRate } = await decodeSound(files[0], abortSignal);
    return resampleSignal(samples, sampleRate, embedder.sampleRate);
  }
  const records = kind === 'ecg' ? await readEcgFiles(files) : [];
  const record = records.find((one) => one.name === name && one.leads.length === embedder.channels);
  if (record !== undefined) return resampledLeads(record, embedder.sampleRate);
  throw new OptionError({
    asked: `the labels of ${name}`,
    found: 'a model for another kind of signal',
    fix: 'load a model for this kind',
  });
}
