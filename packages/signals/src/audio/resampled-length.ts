/** Number of samples after resampling: `round(samples * to / from)`, but never 0 unless the input is empty. */
export function resampledLength(samples: number, from: number, to: number): number {
  return samples === 0 ? 0 : Math.max(1, Math.round((samples * to) / from));
}
