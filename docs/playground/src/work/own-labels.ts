import { getSceneLogits, headOf, labelProbabilities, signalBatch } from '@hearken/core';
import { clipSignal } from './clip-signal.js';
import type { Answer, KnownClip } from './jobs.js';
import { loadedModel } from './loaded-model.js';
import type { JobContext } from './serve-jobs.js';

/**
 * What the model's own classifier says of a clip.
 *
 * @throws OptionError for a model without a classifier, or of another kind of signal
 */
export async function ownLabels(clip: KnownClip, { abortSignal }: JobContext<'ownLabels'>): Promise<Answer> {
  const embedder = loadedModel();
  const { size, kind } = headOf(embedder);
  const signal = await clipSignal(clip, embedder, abortSignal);
  const batch = signalBatch([signal], embedder.channels);
  const { data } = await getSceneLogits(batch, embedder, { abortSignal });
  return [...labelProbabilities(data, size, kind)];
}
