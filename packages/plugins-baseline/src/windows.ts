import type { SignalStretch } from '@hearken/core/streaming';

/** The windows that every signal of a batch is cut into: all of `length` samples, beginning at `starts`. */
export interface Cut {
  readonly length: number;
  /** First sample of each window; negative or too close to the end if a window extends beyond the signal. */
  readonly starts: readonly number[];
}

/** One window, or for a signal longer than `longest`, the fewest that cover it, evenly spaced. */
export function cutScene(samples: number, longest: number): Cut {
  const count = Math.ceil(samples / longest);
  const length = Math.min(samples, longest);
  // The first window begins with the signal and the last one ends with it; in integers, so that no rounding shifts it.
  const start = (index: number) => Math.floor((index * (samples - length)) / Math.max(1, count - 1));
  return { length, starts: Array.from({ length: count }, (_, index) => start(index)) };
}

/** Positions of windows over time: `length` samples, centred on samples 0, `hop`, 2 `hop`, ... */
export interface TimestampWindows {
  readonly length: number;
  readonly hop: number;
}

/** Number of windows whose centre is inside a signal of `samples` samples. */
export function timestampCount(samples: number, { hop }: Pick<TimestampWindows, 'hop'>): number {
  return Math.floor((samples - 1) / hop) + 1;
}

/** First sample of window `index`; negative if the window extends beyond the start of the signal. */
export function timestampStart(index: number, { length, hop }: TimestampWindows): number {
  return index * hop - length / 2;
}

/**
 * Copies the window of one signal that begins at sample `start` into `target` `[channels, length]`. The signals end
 * where the part ends, and begin with it or before what the window needs.
 */
export function fillWindow(stretch: SignalStretch, signal: number, start: number, target: Float32Array): void {
  const { data, channels, samples } = stretch.signals;
  const length = target.length / channels;
  const first = start - stretch.start;
  for (let channel = 0; channel < channels; channel += 1) {
    const offset = (signal * channels + channel) * samples;
    if (first >= 0 && first + length <= samples) {
      target.set(data.subarray(offset + first, offset + first + length), channel * length);
      continue;
    }
    for (let position = 0; position < length; position += 1) {
      const source = mirrored(start + position, stretch.start + samples);
      target[channel * length + position] = data[offset + source - stretch.start];
    }
  }
}

/** The sample that replaces one outside the signal, mirrored at the ends as often as necessary. */
function mirrored(index: number, samples: number): number {
  const period = 2 * (samples - 1);
  const folded = Math.abs(index) % period;
  return folded < samples ? folded : period - folded;
}
