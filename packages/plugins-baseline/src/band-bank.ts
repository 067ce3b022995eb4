import type { MelBank } from '@hearken/onnx';

/**
 * Rectangular filters: band b sums the bins with a frequency in [edges[b], edges[b + 1]).
 *
 * @param edges ascending, in Hz
 */
export function bandBank(
  edges: readonly number[],
  { fftSize, sampleRate }: { readonly fftSize: number; readonly sampleRate: number },
): MelBank {
  const bands = edges.length - 1;
  const bins = fftSize / 2 + 1;
  const weights = Float64Array.from({ length: bands * bins }, (_, index) => {
    const band = Math.floor(index / bins);
    const frequency = ((index % bins) * sampleRate) / fftSize;
    return frequency >= edges[band] && frequency < edges[band + 1] ? 1 : 0;
  });
  return { weights, bands, bins };
}
