import type { EmbedOptions } from '../embed-options.js';
import type { Embedder, TimestampEmbeddings } from '../embedder.js';
import type { SignalBatch } from '../signals.js';
import { timestampMilliseconds, type TimestampStreaming } from './timestamp-streaming.js';

/**
 * `embedTimestamps` for embedders that stream: all timestamps of whole signals.
 *
 * @param signals `[count, channels, samples]`, with the embedder's channels and at least its minimum length
 * @returns embeddings `[count, t, timestampEmbeddingSize]` and timestamps `[count, t]` in ms
 */
export async function embedWholeSignals(
  signals: SignalBatch,
  { sampleRate, timestampEmbeddingSize: size }: Pick<Embedder, 'sampleRate' | 'timestampEmbeddingSize'>,
  streaming: TimestampStreaming,
  options: EmbedOptions = {},
): Promise<TimestampEmbeddings> {
  const { count } = signals;
  const data = await streaming.embed({ signals, start: 0 }, { from: 0, to: Infinity, hop: streaming.hop }, options);
  const timestampCount = data.length / (count * size);
  const timestamps = Float32Array.from({ length: count * timestampCount }, (_, index) =>
    timestampMilliseconds(streaming, index % timestampCount, sampleRate),
  );
  return { data, count, timestampCount, size, timestamps };
}
