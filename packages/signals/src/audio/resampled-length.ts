/** Samples after resampling: `round(samples * to / from)`, and never none of some. */
export function resampledLength(samples: number, from: number, to: number): number {
  return samples === 0 ? 0 : Math.max(1, Math.round((samples * to) / from));
}
