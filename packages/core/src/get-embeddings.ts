import type { ClassificationHead, SceneLogits, TimestampLogits } from './classification-head.js';
import { EmbedderError, OptionError } from './errors.js';
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

/**
 * The logits of a model's own head, one row per signal.
 *
 * @param signals `[count, channels, samples]` at the embedder's sample rate
 * @returns `[count, head.size]`; `labelProbabilities` turns them into probabilities
 * @throws OptionError if the model has no head; SignalError for a batch that the embedder can't accept; EmbedderError if
 *   the result breaks the contract
 */
export async function getSceneLogits(
  signals: SignalBatch,
  embedder: Embedder,
  options?: EmbedOptions,
): Promise<SceneLogits> {
  const head = headOf(embedder);
  checkSignals(signals, embedder.channels, embedder.minimumSceneSamples);
  const logits = await head.classifyScenes(signals, options);
  checkLogits(embedder, logits.data, signals.count * head.size);
  return logits;
}

/**
 * The logits of a model's own head over time.
 *
 * @param signals `[count, channels, samples]` at the embedder's sample rate
 * @returns logits `[count, t, head.size]` and timestamps `[count, t]`, window centres in ms
 * @throws like {@link getSceneLogits}, and OptionError for a head that answers for whole windows only
 */
export async function getTimestampLogits(
  signals: SignalBatch,
  embedder: Embedder,
  options?: EmbedOptions,
): Promise<TimestampLogits> {
  const head = headOf(embedder);
  if (head.classifyTimestamps === undefined) {
    throw new OptionError({
      asked: `logits over time from ${nameOf(embedder)}`,
      found: 'a head that answers for whole windows only',
      fix: 'cut the signal into windows, and classify each as a scene',
    });
  }
  checkSignals(signals, embedder.channels, embedder.minimumTimestampSamples);
  const logits = await head.classifyTimestamps(signals, options);
  checkLogits(embedder, logits.data, signals.count * logits.timestampCount * head.size);
  return logits;
}

/**
 * The head of a model.
 *
 * @throws OptionError if it has none, saying what the checkpoint has instead
 */
export function headOf<Head extends object = ClassificationHead>(
  embedder: Pick<Embedder, 'provenance' | 'noHead'> & {
    /** The head, or what is known of it. */
    readonly head?: Head;
  },
): Head {
  if (embedder.head !== undefined) return embedder.head;
  throw new OptionError({
    asked: `the labels of ${nameOf(embedder)}`,
    found: embedder.noHead ?? 'a model without a classifier of its own',
    fix: 'pass a checkpoint with a classifier, or train a probe on its embeddings: hearken run',
  });
}

/** The `reason` of the error for a result that breaks the contract. */
export type AnswerProblem = 'value-type' | 'value-count' | 'not-finite';

function checkValues(embedder: Embedder, values: Float32Array, expected: number, kind: string): void {
  const fix = `make the plugin's ${kind}EmbeddingSize match what it returns`;
  checkFloats(`${kind} embeddings from ${nameOf(embedder)}`, values, expected, fix);
}

function checkLogits(embedder: Embedder, values: Float32Array, expected: number): void {
  checkFloats(`logits from ${nameOf(embedder)}`, values, expected, "make the head's size match what it returns");
}

function nameOf({ provenance }: Pick<Embedder, 'provenance'>): string {
  return `${provenance.plugin}:${provenance.model}`;
}

function checkFloats(asked: string, values: Float32Array, expected: number, fix: string): void {
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
      fix,
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
