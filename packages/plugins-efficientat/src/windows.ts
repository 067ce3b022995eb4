import type { SignalStretch } from '@hearken/core/streaming';
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

/**
 * Copies window `index` of signal `signal`, centred on sample `index * hop`, its missing ends mirrored. The signals end
 * where the part ends, and begin with it or before what the window needs.
 */
export function fillWindow(
  { signals, start: origin }: SignalStretch,
  signal: number,
  index: number,
  { length, hop }: Windowing,
  target: Float32Array,
): void {
  const samples = origin + signals.samples;
  const offset = signal * signals.samples - origin;
  const start = index * hop - Math.floor(length / 2);
  const first = Math.max(0, -start);
  const last = Math.min(length, samples - start);
  target.set(signals.data.subarray(offset + start + first, offset + start + last), first);
  for (let position = 0; position < first; position += 1) target[position] = signals.data[offset - (start + position)];
  for (let position = last; position < length; position += 1) {
    target[position] = signals.data[offset + 2 * (samples - 1) - (start + position)];
  }
}
