import { fourierTransform } from './fourier.js';
import type { PairFilter } from './zero-phase-fir.js';

/**
 * Resampling by cutting or extending the spectrum, like SciPy's `resample`. The signal is treated as one period.
 *
 * @param from number of samples of the input signals
 * @param to number of samples of the output signals
 */
export function fourierResampler(from: number, to: number): PairFilter {
  if (from === to) return (pair) => pair;
  const forward = fourierTransform(from);
  const backward = fourierTransform(to);
  const kept = Math.min(from, to);
  // If the number of bins is even, the middle one is both the highest positive and the highest negative frequency.
  const positive = Math.ceil(kept / 2);
  const negative = kept - positive - (kept % 2 === 0 ? 1 : 0);
  const scale = to / from;
  return (pair) => {
    const spectrum = new Float64Array(2 * from);
    forward.forward(pair, spectrum);
    const target = new Float64Array(2 * to);
    target.set(spectrum.subarray(0, 2 * positive));
    target.set(spectrum.subarray(2 * (from - negative)), 2 * (to - negative));
    if (kept % 2 === 0) shareMiddle(spectrum, target, kept / 2);
    backward.inverse(target, target);
    return target.map((value) => value * scale);
  };
}

/** When upsampling, the middle bin is split between both frequencies; when downsampling, both are added. */
function shareMiddle(spectrum: Float64Array, target: Float64Array, middle: number): void {
  const [from, to] = [spectrum.length / 2, target.length / 2];
  for (const part of [0, 1]) {
    const highest = spectrum[2 * middle + part];
    if (from < to) {
      target[2 * middle + part] = highest / 2;
      target[2 * (to - middle) + part] = highest / 2;
    } else {
      target[2 * middle + part] = highest + spectrum[2 * (from - middle) + part];
    }
  }
}
