import type { EmbedOptions } from './embed-options.js';
import type { Embedder } from './embedder.js';
import { EmbedderError, SignalError } from './errors.js';
import { firstNonFinite } from './signals.js';
import { type ChosenTimestamps, chooseTimestamps } from './streaming/choose-hop.js';
import { checkSource, ChunkReader, type SignalChunks } from './streaming/chunk-reader.js';
import { Gatherer } from './streaming/gather.js';
import { SampleBuffer } from './streaming/sample-buffer.js';
import { timestampMilliseconds, timestampSpan } from './streaming/timestamp-streaming.js';

export { embedWholeSignals } from './streaming/embed-whole-signals.js';
export type { SignalChunks } from './streaming/chunk-reader.js';
export type {
  SignalStretch,
  TimestampGrid,
  TimestampRange,
  TimestampStreaming,
} from './streaming/timestamp-streaming.js';

/** How to embed a stream. */
export interface StreamOptions extends EmbedOptions {
  /**
   * Milliseconds from one timestamp to the next; default: the embedder's hop. Any whole number of samples if the model
   * uses one window per timestamp, else a multiple of the embedder's hop.
   */
  readonly hop?: number;
}

/** The next timestamp embeddings of a stream: float32, row-major `[timestampCount, size]`. */
export interface StreamedEmbeddings {
  /** Row-major `[timestampCount, size]`. */
  readonly data: Float32Array;
  /** One or more. */
  readonly timestampCount: number;
  /** Number of values in an embedding: the embedder's `timestampEmbeddingSize`. */
  readonly size: number;
  /** Window centres in ms from the start of the stream; float64, because a stream may run for days. */
  readonly timestamps: Float64Array;
}

/** The most seconds of signal to collect for one call, unless one timestamp needs more. */
const secondsPerCall = 32;

/**
 * Embeds a signal while it arrives: yields timestamp embeddings as soon as the samples they need are there. With the
 * embedder's hop they equal those of `getTimestampEmbeddings` for the whole signal, however it is cut into chunks.
 *
 * Nothing is read before the first embedding is requested, and at most one chunk is read ahead of the consumer, so that
 * a slow consumer slows down a source that can wait. If several chunks are already waiting, their timestamps are
 * embedded in one call. Memory does not grow with the stream: at most the embedder's `batchSize` of timestamps, the
 * samples they need, and two chunks are kept.
 *
 * @param chunks audio in [-1, 1], or an ECG in mV, at the embedder's sample rate; each `[channels, samples]`, may be
 *   empty
 * @returns batches of at least one timestamp; returning early closes `chunks`
 * @throws immediately, OptionError for a model that can't stream or a hop that it doesn't allow, and SignalError if
 * `chunks` is not iterable; while reading, SignalError for NaN, infinity, or a stream too short for one timestamp, the
 * source's error, or the abort signal's reason
 */
export function streamEmbeddings(
  chunks: SignalChunks,
  embedder: Embedder,
  options: StreamOptions = {},
): AsyncGenerator<StreamedEmbeddings, void, undefined> {
  checkSource(chunks);
  return streamTimestamps(chunks, embedder, chooseTimestamps(embedder, options.hop), options);
}

/**
 * The longest time in ms, in a stream that continues, from the sound at a timestamp until the samples that its
 * embedding needs have arrived. The length of the chunks and the computing time of the model come on top.
 *
 * @throws OptionError like `streamEmbeddings`
 */
export function streamLatency(embedder: Embedder, { hop }: Pick<StreamOptions, 'hop'> = {}): number {
  const { grid } = chooseTimestamps(embedder, hop);
  // The first timestamp of a window waits for the rest of the window.
  return ((grid.lookAhead - grid.firstCentre) * 1000) / embedder.sampleRate;
}

async function* streamTimestamps(
  chunks: SignalChunks,
  embedder: Embedder,
  { grid, embed, every }: ChosenTimestamps,
  { abortSignal }: EmbedOptions,
): AsyncGenerator<StreamedEmbeddings, void, undefined> {
  const { channels, sampleRate, timestampEmbeddingSize: size } = embedder;
  const buffer = new SampleBuffer(channels);
  const reader = new ChunkReader(chunks, channels, abortSignal);
  const gatherer = new Gatherer(reader, buffer, channels);
  try {
    for (let next = 0; ;) {
      const { start, end: least } = timestampSpan(grid, next);
      buffer.dropBefore(start);
      const limit = next + grid.batchSize;
      const most = Math.min(timestampSpan(grid, limit - 1).end, Math.max(least, start + secondsPerCall * sampleRate));
      const isOver = await gatherer.gather(least, most);
      if (isOver) checkLength(buffer.end, embedder);
      let to = isOver ? limit : next + 1;
      while (to < limit && timestampSpan(grid, to).end <= buffer.end) to += 1;
      abortSignal?.throwIfAborted();
      const data = await embed(buffer.stretch(), { from: next, to, hop: grid.hop }, { abortSignal });
      const count = checkAnswer(data, { asked: to - next, isOver }, embedder);
      if (count === 0) return;
      const places = Array.from({ length: Math.ceil(count / every) }, (_, place) => place * every);
      yield {
        data: every === 1 ? data : pickRows(data, places, size),
        timestampCount: places.length,
        size,
        timestamps: Float64Array.from(places, (place) => timestampMilliseconds(grid, next + place, sampleRate)),
      };
      if (count < to - next) return;
      next += places.length * every;
    }
  } finally {
    await reader.close();
  }
}

function checkLength(samples: number, { minimumTimestampSamples, sampleRate }: Embedder): void {
  if (samples >= minimumTimestampSamples) return;
  throw new SignalError({
    asked: `timestamp embeddings of a stream of ${minimumTimestampSamples} samples or more, at ${sampleRate} Hz`,
    found: `one that ended after ${samples}`,
    fix: 'stream a longer signal, or add zeros to its end',
  });
}

/** The number of timestamps in a result: as many as requested, or fewer only if the signal has ended. */
function checkAnswer(
  data: Float32Array,
  { asked, isOver }: { readonly asked: number; readonly isOver: boolean },
  { timestampEmbeddingSize: size, provenance }: Embedder,
): number {
  const what = `streamed embeddings from ${provenance.plugin}:${provenance.model}`;
  const count = data.length / size;
  if (!Number.isInteger(count) || count > asked || (count < asked && !isOver)) {
    const fix = "make the plugin's timestampEmbeddingSize match what it returns";
    throw new EmbedderError({ asked: what, found: `${data.length} values instead of ${asked * size}`, fix });
  }
  if (firstNonFinite(data) >= 0) {
    const fix = 'check the checkpoint, and that the signal is scaled as the model expects';
    throw new EmbedderError({ asked: what, found: 'NaN or infinity', fix });
  }
  return count;
}

function pickRows(data: Float32Array, rows: readonly number[], size: number): Float32Array {
  const picked = new Float32Array(rows.length * size);
  rows.forEach((row, place) => {
    picked.set(data.subarray(row * size, (row + 1) * size), place * size);
  });
  return picked;
}
