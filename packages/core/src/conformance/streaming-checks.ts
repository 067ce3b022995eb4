import { signalBatch } from '../signals.js';
import { streamEmbeddings } from '../stream-embeddings.js';
import { apart, broken, clipSamples, type ConformanceCheck, distance, expectValues } from './check.js';

/** Chunk lengths, repeated: one sample, none, as from a microphone, more than a window. */
const chunkLengths = [1, 0, 1024, 7, 50_000, 333];

/** Embedding while the signal arrives, for embedders that support it. */
export const streamingChecks: readonly ConformanceCheck[] = [
  {
    name: 'a stream gives the same timestamp embeddings as the whole signal',
    why: 'otherwise what runs on a microphone is not what was evaluated on files',
    async run(context) {
      const embedder = await context.embedder();
      const { timestampStreaming: streaming, channels, timestampEmbeddingSize: size } = embedder;
      if (streaming === undefined) return;
      // One full window and part of another.
      const samples = Math.max(clipSamples(embedder, 2.74), Math.ceil(1.2 * streaming.lookAhead) + 1);
      const signal = context.signal(samples, 0, embedder);
      const whole = await context.plugin.getTimestampEmbeddings(signalBatch([signal], channels), embedder);
      let count = 0;
      for await (const { data, timestamps, timestampCount } of streamEmbeddings(inChunks(signal, channels), embedder)) {
        expectValues('streamed embeddings', data, [timestampCount, size]);
        for (let row = 0; row < timestampCount && count + row < whole.timestampCount; row += 1) {
          expectClose(`timestamp ${count + row}`, timestamps[row], whole.timestamps[count + row]);
        }
        const expected = whole.data.subarray(count * size, (count + timestampCount) * size);
        const { found, allowed } = distance(data, expected, context.tolerance);
        if (!(found <= allowed)) {
          throw broken(
            `streamed embeddings ${count} to ${count + timestampCount - 1} equal to those of the whole signal`,
            apart(found, allowed),
            'embed each timestamp only from the samples that lookBack and lookAhead cover, and use the same windows in embedTimestamps',
          );
        }
        count += timestampCount;
      }
      if (count !== whole.timestampCount) {
        throw broken(
          `${whole.timestampCount} streamed embeddings, as for the whole signal`,
          String(count),
          'return the same timestamps at the end of a signal from timestampStreaming.embed and embedTimestamps',
        );
      }
    },
  },
];

/** The signal `[channels, samples]` cut into chunks. */
export function* inChunks(
  signal: Float32Array,
  channels: number,
  lengths: readonly number[] = chunkLengths,
): Generator<Float32Array, void> {
  const samples = signal.length / channels;
  for (let start = 0, turn = 0; start < samples; turn += 1) {
    const length = Math.min(lengths[turn % lengths.length], samples - start);
    const chunk = new Float32Array(channels * length);
    for (let channel = 0; channel < channels; channel += 1) {
      const offset = channel * samples + start;
      chunk.set(signal.subarray(offset, offset + length), channel * length);
    }
    yield chunk;
    start += length;
  }
}

function expectClose(what: string, found: number, expected: number): void {
  if (Math.abs(found - expected) <= 1e-3 + 2 ** -22 * expected) return;
  throw broken(
    `${what}: ${expected} ms`,
    `${found} ms`,
    'compute timestamps in the same way for streams and whole signals',
  );
}
