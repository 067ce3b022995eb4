/** Sound that is decoded in pieces. It must be read to the end, where lengths and checksums are checked. */
export interface SoundStream {
  /** Hz. */
  readonly sampleRate: number;
  /** Number of channels of each part. */
  readonly channels: number;
  /** Samples of each channel, in the order of time; throws a StreamFault for inconsistent data. */
  readonly parts: Iterable<Float32Array[]>;
}

/**
 * Cuts off samples at the start and end.
 *
 * @param skip samples of each channel to leave out
 * @param length samples of each channel to keep; `Infinity`: all
 * @returns the parts and, at the end, how many samples there were before cutting
 */
export function* trimParts(
  parts: Iterable<Float32Array[]>,
  skip: number,
  length: number,
): Generator<Float32Array[], number, undefined> {
  let total = 0;
  const end = skip + length;
  for (const part of parts) {
    const samples = part[0].length;
    const from = Math.max(0, skip - total);
    const to = Math.min(samples, end - total);
    total += samples;
    if (to > from) yield from === 0 && to === samples ? part : part.map((channel) => channel.subarray(from, to));
  }
  return total;
}
