import { EmbedderError } from './errors.js';
import type { EmbedOptions } from './embed-options.js';
import type { Embedder, SceneEmbeddings, TimestampEmbeddings } from './embedder.js';
import { checkSignals, firstNonFinite, type SignalBatch } from './signals.js';
import { isFloat32Array, typeName } from './type-name.js';

/**
 * One embedding per signal: HEAR's `get_scene_embeddings`.
 *
 * @param signals `[count, channels, samples]` at the embedder's sample rate
 * @returns `[count, embedder.sceneEmbeddingSize]`
 * @throws SignalError for a batch that the embedder can't accept, EmbedderError if the result breaks its contract
 */
export async function getSceneEmbeddings(
  signals: SignalBatch,
  embedder: Embedder,
  options?: EmbedOptions,
): Promise<SceneEmbeddings> {
  checkSignals(signals, embedder.channels, embedder.minimumSceneSamples);
  const embeddings = await embedder.embedScenes(signals, options);
  checkValues(embedder, embeddings.data, signals.count * embedder.sceneEmbeddingSize, 'scene');
  return embeddings;
}

/**
 * Embeddings over time: HEAR's `get_timestamp_embeddings`.
 *
 * @param signals `[count, channels, samples]` at the embedder's sample rate
 * @returns embeddings `[count, t, embedder.timestampEmbeddingSize]` and timestamps `[count, t]`, window centres in ms
 * @throws SignalError for a batch that the embedder can't accept, EmbedderError if the result breaks its contract
 */
export async function getTimestampEmbeddings(
  signals: SignalBatch,
  embedder: Embedder,
  options?: EmbedOptions,
): Promise<TimestampEmbeddings> {
  checkSignals(signals, embedder.channels, embedder.minimumTimestampSamples);
  const embeddings = await embedder.embedTimestamps(signals, options);
  const expected = signals.count * embeddings.timestampCount * embedder.timestampEmbeddingSize;
  checkValues(embedder, embeddings.data, expected, 'timestamp');
  return embeddings;
}

/** The `reason` of the error for a result that breaks the contract. */
export type AnswerProblem = 'value-type' | 'value-count' | 'not-finite';

function checkValues(embedder: Embedder, values: Float32Array, expected: number, kind: string): void {
  const asked = `${kind} embeddings from ${embedder.provenance.plugin}:${embedder.provenance.model}`;
  if (!isFloat32Array(values)) {
    throw new EmbedderError({
      asked,
      reason: 'value-type' satisfies AnswerProblem,
      found: `${typeName(values)} instead of Float32Array`,
      fix: 'make the plugin return Float32Array.from(values)',
    });
  }
  if (values.length !== expected) {
    throw new EmbedderError({
      asked,
      reason: 'value-count' satisfies AnswerProblem,
      found: `${values.length} values instead of ${expected}`,
      fix: `make the plugin's ${kind}EmbeddingSize match what it returns`,
    });
  }
  if (firstNonFinite(values) >= 0) {
    throw new EmbedderError({
      asked,
      reason: 'not-finite' satisfies AnswerProblem,
      found: 'NaN or infinity',
      fix: 'check the checkpoint, and that the signals are scaled as the model expects',
    });
  }
}
