/**
 * The mean embedding of each signal over its windows, summed in double precision.
 *
 * @param embeddings `[signals, windows, size]`
 * @returns `[signals, size]`; `embeddings` itself if there is only one window
 */
export function meanOverWindows(embeddings: Float32Array, windows: number, size: number): Float32Array {
  if (windows === 1) return embeddings;
  const means = new Float32Array(embeddings.length / windows);
  const sums = new Float64Array(size);
  for (let signal = 0; signal * size < means.length; signal += 1) {
    sums.fill(0);
    for (let window = 0; window < windows; window += 1) {
      const offset = (signal * windows + window) * size;
      for (let position = 0; position < size; position += 1) sums[position] += embeddings[offset + position];
    }
    for (let position = 0; position < size; position += 1) means[signal * size + position] = sums[position] / windows;
  }
  return means;
}
