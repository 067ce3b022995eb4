import type { EcgPicture } from './jobs.js';

/** Seconds on a sheet of ECG paper. */
const sheetSeconds = 10;
/** Enough to show QRS complexes on a screen. */
const mostHertz = 250;

/**
 * The start of a record with fewer samples. Each step keeps the sample that differs most from its first one, so that narrow
 * peaks keep their height.
 */
export function ecgPicture(
  signal: Float32Array,
  { leads, sampleRate }: { readonly leads: readonly string[]; readonly sampleRate: number },
): EcgPicture {
  const samples = signal.length / leads.length;
  const step = Math.max(1, Math.ceil(sampleRate / mostHertz));
  const count = Math.floor(Math.min(samples, sheetSeconds * sampleRate) / step);
  const picture = new Float32Array(leads.length * count);
  for (let lead = 0; lead < leads.length; lead += 1) {
    for (let index = 0; index < count; index += 1) {
      const start = lead * samples + index * step;
      let kept = signal[start];
      for (let next = start + 1; next < start + step; next += 1) {
        if (Math.abs(signal[next] - signal[start]) > Math.abs(kept - signal[start])) kept = signal[next];
      }
      picture[lead * count + index] = kept;
    }
  }
  return { kind: 'ecg', signal: picture, leads, sampleRate: sampleRate / step };
}
