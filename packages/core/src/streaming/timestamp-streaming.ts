import type { EmbedOptions } from '../embed-options.js';
import type { SignalBatch } from '../signals.js';

/** Part of longer signals: sample 0 of `signals` is their sample `start`. */
export interface SignalStretch {
  /** The part, `[count, channels, samples]`. */
  readonly signals: SignalBatch;
  /** Where it begins in the whole signals, in samples. */
  readonly start: number;
}

/** Timestamps `from` to `to` (exclusive), `hop` samples apart, counted from the signal's first. */
export interface TimestampRange {
  /** The first timestamp, counted from 0. */
  readonly from: number;
  /** Infinity: to the end of the signal. */
  readonly to: number;
  /** Samples from one timestamp to the next. */
  readonly hop: number;
}

/**
 * The positions of a model's timestamps in a signal: `hop` samples apart, in windows of one or more timestamps. Window
 * `k` begins at sample `k * windowTimestamps * hop`. Only numbers, so that it can be posted to another thread.
 */
export interface TimestampGrid {
  /** Samples from one timestamp to the next; not always a whole number. */
  readonly hop: number;
  /** Whether any other hop of at least one sample is possible; only if a window has one timestamp. */
  readonly anyHop: boolean;
  /** Position of the first timestamp, in samples from the start of the signal. */
  readonly firstCentre: number;
  /** Number of timestamps per window. */
  readonly windowTimestamps: number;
  /** How many samples before its start a window uses, including those that it mirrors at the end of the signal. */
  readonly lookBack: number;
  /** How many samples from its start a window needs while the signal continues; later samples don't change it. */
  readonly lookAhead: number;
  /** The most timestamps to embed in one call, in whole windows; bounds the memory of a stream. */
  readonly batchSize: number;
}

/**
 * What `streamEmbeddings` needs from an embedder. `embedWholeSignals` can make `embedTimestamps` from it, so that a
 * stream and a file can't differ.
 */
export interface TimestampStreaming extends TimestampGrid {
  /**
   * Embeds timestamps of every signal in the part, which begins with the samples that their windows use, or at the
   * start of the signal. If it ends before their windows do, the signal ends there.
   *
   * @returns `[signals, timestamps, timestampEmbeddingSize]`: those of the range that the signal has, possibly none
   */
  embed(stretch: SignalStretch, range: TimestampRange, options: EmbedOptions): Promise<Float32Array>;
}

/** The time of timestamp `index`, in ms from the start of the signal. */
export function timestampMilliseconds({ firstCentre, hop }: TimestampGrid, index: number, sampleRate: number): number {
  return ((firstCentre + index * hop) * 1000) / sampleRate;
}

/** The samples `start` to `end` (exclusive) that timestamp `index` needs while the signal continues. */
export function timestampSpan(grid: TimestampGrid, index: number): { readonly start: number; readonly end: number } {
  const { windowTimestamps, hop, lookBack, lookAhead } = grid;
  const begin = Math.round(Math.floor(index / windowTimestamps) * windowTimestamps * hop);
  return { start: Math.max(0, begin - lookBack), end: begin + lookAhead };
}
