import { sampleRate } from './front-end.js';

/**
 * How to cut a signal: windows of `length` samples, `hop` apart, over the signal mirrored by `length / 2` at both ends.
 */
export interface Windowing {
  readonly length: number;
  readonly hop: number;
}

const samplesOf = (milliseconds: number) => (milliseconds * sampleRate) / 1000;

/** A scene over 10 s is the mean over these windows; a shorter one is embedded whole. */
export const sceneWindowing: Windowing = { length: samplesOf(10_000), hop: samplesOf(2_500) };
export const timestampWindowing: Windowing = { length: samplesOf(160), hop: samplesOf(50) };

/** Number of windows of a signal of `samples` samples: one at every hop, beginning with its first sample. */
export function windowCount(samples: number, { length, hop }: Windowing): number {
  const padded = samples + 2 * Math.floor(length / 2);
  return Math.floor((padded - length) / hop) + 1;
}

/** First sample of window `index`, which is centred on sample `index * hop`; negative if it extends beyond the start. */
export function windowStart(index: number, { length, hop }: Windowing): number {
  return index * hop - Math.floor(length / 2);
}
