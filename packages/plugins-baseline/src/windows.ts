import type { SignalBatch } from '@hearken/core';

/** The windows that every signal of a batch is cut into: all of `length` samples, beginning at `starts`. */
export interface Cut {
  readonly length: number;
  /** First sample of each window; negative, or too near the end, where a window reaches over the edge. */
  readonly starts: readonly number[];
}

/** One window, or for a signal longer than `longest` as few as cover it, evenly spaced. */
export function cutScene(samples: number, longest: number): Cut {
  const count = Math.ceil(samples / longest);
  const length = Math.min(samples, longest);
  // The first window begins with the signal and the last one ends with it; in integers, so that no rounding shifts it.
  const start = (index: number) => Math.floor((index * (samples - length)) / Math.max(1, count - 1));
  return { length, starts: Array.from({ length: count }, (_, index) => start(index)) };
}

/** Windows centred on samples 0, hop, 2 hop, ... as long as the centre lies inside the signal. */
export function cutTimestamps(samples: number, { length, hop }: { length: number; hop: number }): Cut {
  const count = Math.floor((samples - 1) / hop) + 1;
  return { length, starts: Array.from({ length: count }, (_, index) => index * hop - length / 2) };
}

/** Copies the window of one signal that begins at sample `start` into `target` `[channels, length]`. */
export function fillWindow(batch: SignalBatch, signal: number, start: number, target: Float32Array): void {
  const { channels, samples } = batch;
  const length = target.length / channels;
  for (let channel = 0; channel < channels; channel += 1) {
    const offset = (signal * channels + channel) * samples;
    if (start >= 0 && start + length <= samples) {
      target.set(batch.data.subarray(offset + start, offset + start + length), channel * length);
      continue;
    }
    for (let position = 0; position < length; position += 1) {
      target[channel * length + position] = batch.data[offset + mirrored(start + position, samples)];
    }
  }
}

/** The sample that stands for one outside the signal, mirrored at its ends as often as need be. */
function mirrored(index: number, samples: number): number {
  const period = 2 * (samples - 1);
  const folded = Math.abs(index) % period;
  return folded < samples ? folded : period - folded;
}
