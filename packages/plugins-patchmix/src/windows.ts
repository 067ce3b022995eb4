/** Part of a signal: `length` samples from `start` on. */
export interface Stretch {
  readonly start: number;
  readonly length: number;
}

/**
 * Parts for a scene. One sample more than the window shows the model that the signal continues, so that it is cut
 * instead of faded out.
 *
 * @param isMean false: only the first window; true: as many as needed, spread evenly from start to end
 */
export function sceneStretches(samples: number, windowSamples: number, isMean: boolean): Stretch[] {
  const length = Math.min(samples, windowSamples + 1);
  const count = isMean ? Math.max(1, Math.ceil(samples / windowSamples)) : 1;
  const room = samples - length;
  return Array.from({ length: count }, (_, index) => ({
    start: count === 1 ? 0 : Math.round((index * room) / (count - 1)),
    length,
  }));
}

/**
 * Parts whose patches are on one grid of `step` samples over the whole signal, each `times` patches long. The last one
 * begins where less than a step of its window is empty, so that its patches see as much signal as all others.
 */
export function timelineStretches(samples: number, windowSamples: number, step: number, times: number): Stretch[] {
  const hop = step * times;
  const last = Math.max(0, Math.ceil((samples - windowSamples) / step)) * step;
  const full = Math.ceil(last / hop);
  const starts = [...Array.from({ length: full }, (_, index) => index * hop), last];
  return starts.map((start) => ({ start, length: Math.min(samples - start, windowSamples + 1) }));
}
