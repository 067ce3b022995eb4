/**
 * First samples of the windows that a scene is cut into: one after the other from the start. Where half a window or
 * more is left at the end, one more window ends with the record; less than that is left out.
 *
 * @param samples as many as `length`, or more
 */
export function sceneStarts(samples: number, length: number): number[] {
  const count = Math.max(1, Math.round(samples / length));
  return Array.from({ length: count }, (_, index) => Math.min(index * length, samples - length));
}

/** First samples of the windows of timestamps: whole windows, `hop` samples apart, rounded each on its own. */
export function timestampStarts(samples: number, length: number, hop: number): number[] {
  // A hop that is no whole number of samples must not lose the last window to rounding.
  const count = Math.floor((samples - length) / hop + 1e-9) + 1;
  return Array.from({ length: count }, (_, index) => Math.min(Math.round(index * hop), samples - length));
}
