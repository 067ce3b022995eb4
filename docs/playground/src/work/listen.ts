import { type Embedder, headOf, labelProbabilities } from '@hearken/core';
import { logitsEmbedder } from '@hearken/core/internal';
import { streamEmbeddings } from '@hearken/core/streaming';
import type { Answer, Jobs } from './jobs.js';
import { loadedModel } from './loaded-model.js';
import { PortChunks } from './port-chunks.js';
import { probabilitiesOf } from './probe.js';
import { sceneStream } from './scene-stream.js';
import type { JobContext } from './serve-jobs.js';

/** Seconds of sound per prediction. */
const windowSeconds = 2;
const hopMilliseconds = 250;

/** Classifies the last seconds of sound from a port until aborted. */
export async function listen(
  { chunks, sampleRate, answers }: Jobs['listen']['ask'],
  { abortSignal, tell }: JobContext<'listen'>,
): Promise<null> {
  const { resampleSignal } = await import('@hearken/bench/web');
  const model = loadedModel();
  const embedder: Embedder = sceneStream(answers === 'head' ? logitsEmbedder(model) : model, {
    sampleRate,
    windowSamples: Math.round(windowSeconds * sampleRate),
    resample: (samples, to) => resampleSignal(samples, sampleRate, to),
  });
  const queue = new PortChunks(chunks, 10 * sampleRate);
  for await (const batch of streamEmbeddings(queue.read(), embedder, { hop: hopMilliseconds, abortSignal })) {
    // If the model is slower than real time, only the latest prediction matters.
    const last = batch.timestampCount - 1;
    const embedding = batch.data.slice(last * batch.size, (last + 1) * batch.size);
    const probabilities = answers === 'head' ? ownProbabilities(model, embedding) : await probabilitiesOf(embedding);
    tell({ probabilities, at: batch.timestamps[last] + windowSeconds * 500 });
  }
  return null;
}

function ownProbabilities(model: Embedder, logits: Float32Array): Answer {
  const { size, kind } = headOf(model);
  return [...labelProbabilities(logits, size, kind)];
}
