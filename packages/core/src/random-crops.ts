/**
 * Where random crops of a signal begin. They depend on a seed and on the signal, so that a signal's crops are the same
 * in any batch and any run.
 *
 * @param signal its samples
 * @param latest the last sample at which a crop may begin
 * @returns `count` samples from 0 to `latest`, uniformly drawn
 */
export function cropStarts(
  signal: Float32Array,
  { count, seed }: { readonly count: number; readonly seed: number },
  latest: number,
): number[] {
  let state = (hashOf(signal) ^ Math.imul(seed + 1, 0x9e3779b1)) >>> 0;
  const next = () => {
    // splitmix32, after Steele et al. 2014: well-distributed from any state, also from those of similar seeds.
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
  return Array.from({ length: count }, () => Math.floor(next() * (latest + 1)));
}

/** FNV-1a over the bits of the samples. */
function hashOf(signal: Float32Array): number {
  const bits = new Uint32Array(signal.buffer, signal.byteOffset, signal.length);
  let hash = 0x811c9dc5;
  for (const value of bits) hash = Math.imul(hash ^ value, 0x01000193);
  return hash >>> 0;
}
