/**
 * First samples of the windows that a scene is cut into: one after the other from the start. If at least half a window
 * is left at the end, one more window ends with the record; less than that is left out.
 *
 * @param samples as many as `length`, or more
 */
export function sceneStarts(samples: number, length: number): number[] {
  const count = Math.max(1, Math.round(samples / length));
  return Array.from({ length: count }, (_, index) => Math.min(index * length, samples - length));
}

/** First samples of the windows of timestamps: whole windows, `hop` samples apart, each rounded separately. */
export function timestampStarts(samples: number, length: number, hop: number): number[] {
  // A hop that is not a whole number of samples must not lose the last window to rounding.
  const count = Math.floor((samples - length) / hop + 1e-9) + 1;
  return Array.from({ length: count }, (_, index) => Math.min(Math.round(index * hop), samples - length));
}
