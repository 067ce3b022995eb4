/** Smallest and largest sample of each of at most `columns` equal parts: `[columns, 2]`. */
export function peaksOf(samples: Float32Array, columns: number): Float32Array {
  const count = Math.min(columns, samples.length);
  const peaks = new Float32Array(2 * count);
  for (let column = 0; column < count; column += 1) {
    const start = Math.floor((column * samples.length) / count);
    const end = Math.floor(((column + 1) * samples.length) / count);
    let [low, high] = [samples[start], samples[start]];
    for (let index = start + 1; index < end; index += 1) {
      if (samples[index] < low) low = samples[index];
      else if (samples[index] > high) high = samples[index];
    }
    peaks[2 * column] = low;
    peaks[2 * column + 1] = high;
  }
  return peaks;
}
