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

/** First sample of window `index`; negative if the window extends beyond the start of the signal. */
export function timestampStart(index: number, { length, hop }: TimestampWindows): number {
  return index * hop - length / 2;
}
