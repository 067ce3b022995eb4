/**
 * Maps the channels of Vorbis (its specification, section 4.3.9) and Opus (RFC 7845, section 5.1.1.2) to the order of
 * WAV, FLAC and most programs: front left, front right, centre, low frequencies, back, side.
 */
const places: Readonly<Record<number, readonly number[]>> = {
  3: [0, 2, 1],
  5: [0, 2, 1, 3, 4],
  6: [0, 2, 1, 5, 3, 4],
  7: [0, 2, 1, 6, 5, 3, 4],
  8: [0, 2, 1, 7, 5, 6, 3, 4],
};

/** @param channels in the order of Vorbis; returned unchanged unless there are 3 or 5 to 8 */
export function toWaveOrder<T>(channels: T[]): T[] {
  const order = channels.length in places ? places[channels.length] : undefined;
  return order === undefined ? channels : order.map((place) => channels[place]);
}
