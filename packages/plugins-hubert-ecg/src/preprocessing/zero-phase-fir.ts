import { fourierTransform } from './fourier.js';

/** Filters two leads of equal length at once: in `pair`, one is the real and one the imaginary parts. */
export type PairFilter = (pair: Float64Array) => Float64Array;

/**
 * A FIR filter run forwards and then backwards over a signal, without delay: like SciPy's `filtfilt` with its default
 * padding, in which the signal is extended by point reflection (2 x[0] - x[k]).
 *
 * Both passes are one convolution with the taps' autocorrelation. SciPy pads by three times the number of taps, further
 * than either pass reaches, so the initial state of its filters has no effect. The convolution is computed block by
 * block on spectra.
 *
 * @param taps symmetric; signals must be longer than these
 */
export function zeroPhaseFir(taps: Float64Array): PairFilter {
  const reach = taps.length - 1;
  const fourier = fourierTransform(2 ** Math.ceil(Math.log2(8 * taps.length)));
  const step = fourier.length - 2 * reach;
  const gains = kernelSpectrum(autocorrelation(taps), fourier.length, (kernel) => {
    fourier.forward(kernel, kernel);
  });
  const block = new Float64Array(2 * fourier.length);
  return (pair) => {
    const samples = pair.length / 2;
    const filtered = new Float64Array(pair.length);
    for (let start = 0; start < samples; start += step) {
      fillExtended(block, pair, start - reach);
      fourier.forward(block, block);
      for (let index = 0; index < block.length; index += 1) block[index] *= gains[index >> 1];
      fourier.inverse(block, block);
      // The first and last `reach` samples of a block are wrapped around.
      const length = Math.min(step, samples - start);
      filtered.set(block.subarray(2 * reach, 2 * (reach + length)), 2 * start);
    }
    return filtered;
  };
}

/** `sum over k of taps[k] taps[k + lag]`, for lag 0, 1, ... */
export function autocorrelation(taps: Float64Array): Float64Array {
  return taps.map((_, lag) => {
    let sum = 0;
    for (let index = lag; index < taps.length; index += 1) sum += taps[index] * taps[index - lag];
    return sum;
  });
}

/** The spectrum of a symmetric kernel, which is real; `kernel[lag]` is its value at lag and at -lag. */
function kernelSpectrum(kernel: Float64Array, length: number, transform: (pair: Float64Array) => void): Float64Array {
  const pair = new Float64Array(2 * length);
  kernel.forEach((value, lag) => {
    pair[2 * lag] = value;
    if (lag > 0) pair[2 * (length - lag)] = value;
  });
  transform(pair);
  return pair.filter((_, index) => index % 2 === 0);
}

/** Copies the samples from `start` on into `block`; those outside the signal are reflected at its end points. */
function fillExtended(block: Float64Array, pair: Float64Array, start: number): void {
  const last = pair.length / 2 - 1;
  const inside = pair.subarray(2 * Math.max(0, start), Math.min(pair.length, 2 * start + block.length));
  block.fill(0);
  block.set(inside, 2 * Math.max(0, -start));
  const reflect = (position: number, edge: number) => {
    const mirrored = 2 * edge - position;
    // Beyond the filter's reach there may be no sample left to mirror; values there are not used.
    if (mirrored < 0 || mirrored > last) return;
    for (const part of [0, 1]) {
      block[2 * (position - start) + part] = 2 * pair[2 * edge + part] - pair[2 * mirrored + part];
    }
  };
  for (let position = start; position < 0; position += 1) reflect(position, 0);
  for (let position = last + 1; position < start + block.length / 2; position += 1) reflect(position, last);
}
