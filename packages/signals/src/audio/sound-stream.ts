/** Sound that is decoded piece by piece. Whatever reads it has to read it to its end, where lengths and checksums are compared. */
export interface SoundStream {
  /** Hz. */
  readonly sampleRate: number;
  /** How many channels each part has. */
  readonly channels: number;
  /** Samples of each channel, in the order of time; throws a StreamFault for what cannot be believed. */
  readonly parts: Iterable<Float32Array[]>;
}

/**
 * Leaves out samples at the start, and ends where the sound does.
 *
 * @param skip samples of each channel to leave out
 * @param length samples of each channel to keep; `Infinity`: all that come
 * @returns the parts, and at the end how many samples came before anything was left out
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
