import type { EmbedOptions } from '../embed-options.js';
import type { SignalBatch } from '../signals.js';

/** A stretch of longer signals: sample 0 of `signals` is sample `start` of theirs. */
export interface SignalStretch {
  /** The stretch, `[count, channels, samples]`. */
  readonly signals: SignalBatch;
  /** Where it begins in the signals, in samples. */
  readonly start: number;
}

/** Timestamps `from` to `to` (exclusive), `hop` samples apart, counted from the signal's first. */
export interface TimestampRange {
  /** The first timestamp, counted from 0. */
  readonly from: number;
  /** Infinity: to the signal's end. */
  readonly to: number;
  /** Samples from one timestamp to the next. */
  readonly hop: number;
}

/**
 * How a model's timestamps lie over a signal: `hop` samples apart, in windows of one timestamp or several. Window `k`
 * begins at sample `k * windowTimestamps * hop`. Numbers alone, so that they can be posted to another thread.
 */
export interface TimestampGrid {
  /** Samples from one timestamp to the next; not always a whole number. */
  readonly hop: number;
  /** Whether any other hop of one sample or more will do; only where a window has one timestamp. */
  readonly anyHop: boolean;
  /** Where the first timestamp lies, in samples from the signal's beginning. */
  readonly firstCentre: number;
  /** Timestamps of one window. */
  readonly windowTimestamps: number;
  /** Samples before a window's beginning that it looks at, what it mirrors at the signal's end included. */
  readonly lookBack: number;
  /** Samples from a window's beginning on that must be there while the signal goes on; what follows changes nothing. */
  readonly lookAhead: number;
  /** Most timestamps that are worth one call, in whole windows: what bounds the memory of a stream. */
  readonly batchSize: number;
}

/**
 * What `streamEmbeddings` needs of an embedder; `embedTimestamps` can be made of it by `embedWholeSignals`, so that a
 * stream and a file cannot differ.
 */
export interface TimestampStreaming extends TimestampGrid {
  /**
   * Embeds timestamps of every signal in the stretch, which begins with the samples that their windows look at, or with the
   * signal. Where it ends before theirs do, the signal ends with it.
   *
   * @returns `[signals, timestamps, timestampEmbeddingSize]`: those of the range that the signal has, maybe none
   */
  embed(stretch: SignalStretch, range: TimestampRange, options: EmbedOptions): Promise<Float32Array>;
}

/** When timestamp `index` is, in ms from the signal's beginning. */
export function timestampMilliseconds({ firstCentre, hop }: TimestampGrid, index: number, sampleRate: number): number {
  return ((firstCentre + index * hop) * 1000) / sampleRate;
}

/** The samples `start` to `end` (exclusive) that must be at hand for timestamp `index` while the signal goes on. */
export function timestampSpan(grid: TimestampGrid, index: number): { readonly start: number; readonly end: number } {
  const { windowTimestamps, hop, lookBack, lookAhead } = grid;
  const begin = Math.round(Math.floor(index / windowTimestamps) * windowTimestamps * hop);
  return { start: Math.max(0, begin - lookBack), end: begin + lookAhead };
}
