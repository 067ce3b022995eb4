/** The plugin's arithmetic once more, in the plainest float64 TypeScript: what the graphs are compared with. */

/** Mirrors `amount` samples at both ends without repeating the edge. */
export function mirrorPad(signal: readonly number[], amount: number): number[] {
  const before = signal.slice(1, amount + 1).reverse();
  const after = signal.slice(-amount - 1, -1).reverse();
  return [...before, ...signal, ...after];
}

/** Hann window of `length` samples in the middle of `size`. */
export function hann(length: number, size: number): number[] {
  const start = (size - length) / 2;
  return Array.from({ length: size }, (_, index) => {
    const position = index - start;
    return position >= 0 && position < length ? Math.sin((Math.PI * position) / (length - 1)) ** 2 : 0;
  });
}

/** Power spectra `[frames][bins]` by the definition of the discrete Fourier transform. */
export function powerSpectra(signal: readonly number[], window: readonly number[], hop: number): number[][] {
  const size = window.length;
  const cosine = Array.from({ length: size }, (_, index) => Math.cos((2 * Math.PI * index) / size));
  const sine = Array.from({ length: size }, (_, index) => Math.sin((2 * Math.PI * index) / size));
  const spectra: number[][] = [];
  for (let start = 0; start + size <= signal.length; start += hop) {
    spectra.push(
      Array.from({ length: size / 2 + 1 }, (_, bin) => {
        let real = 0;
        let imaginary = 0;
        for (let n = 0; n < size; n += 1) {
          const value = window[n] * signal[start + n];
          real += value * cosine[(n * bin) % size];
          imaginary -= value * sine[(n * bin) % size];
        }
        return real ** 2 + imaginary ** 2;
      }),
    );
  }
  return spectra;
}

/** Mean, standard deviation and the 10th, 50th and 90th percentile (nearest rank). */
export function statistics(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const sorted = values.toSorted((left, right) => left - right);
  const percentile = (percent: number) => sorted[Math.round((percent / 100) * (values.length - 1))];
  return [mean, Math.sqrt(variance), percentile(10), percentile(50), percentile(90)];
}

/** Repeatable noise in [-1, 1): a linear congruential generator. */
export function noise(length: number, seed = 1): Float32Array {
  let state = seed >>> 0;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** Largest distance of two embeddings, over what the project allows: `1e-4 + 1e-3 max|expected|`. At most 1 passes. */
export function disagreement(found: Float32Array, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Infinity;
  const differences = Array.from(found, (value, index) => Math.abs(value - expected[index]));
  const largest = Math.max(...Array.from(expected, Math.abs));
  return Math.max(...differences) / (1e-4 + 1e-3 * largest);
}
