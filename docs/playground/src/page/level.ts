/** The loudest sample of a chunk on a meter's scale: 0 at -60 dB of full scale, 1 at full scale. */
export function levelOf(samples: Float32Array): number {
  let loudest = 1e-6;
  for (const sample of samples) loudest = Math.max(loudest, Math.abs(sample));
  return Math.max(0, Math.min(1, 1 + (20 * Math.log10(loudest)) / 60));
}
