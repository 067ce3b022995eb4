/** What may stand behind the last frame of a stream without being damage; undefined for anything else. */
export type Trailer = 'ID3v1' | 'APE' | 'Lyrics3' | 'ID3v2' | 'padding';

/** Where the padding of a file begins: who walks its elements or frames asks at each of them. */
const paddingStarts = new WeakMap<Uint8Array, number>();

/**
 * Tells tags and padding behind the sound from sound that is damaged.
 *
 * @param bytes the whole file, not written to while it is read
 * @param at where the last frame ended
 */
export function trailerKind(bytes: Uint8Array, at: number): Trailer | undefined {
  const text = (length: number) => String.fromCharCode(...bytes.subarray(at, at + length));
  if (text(3) === 'TAG' && bytes.length - at >= 128) return 'ID3v1';
  if (text(8) === 'APETAGEX') return 'APE';
  if (text(11) === 'LYRICSBEGIN') return 'Lyrics3';
  if (text(3) === 'ID3' || text(3) === '3DI') return 'ID3v2';
  return at >= paddingStart(bytes) ? 'padding' : undefined;
}

/** Where the run of one value begins that a file ends with. */
function paddingStart(bytes: Uint8Array): number {
  let start = paddingStarts.get(bytes);
  if (start === undefined) {
    start = bytes.length;
    while (start > 0 && bytes[start - 1] === bytes[bytes.length - 1]) start -= 1;
    paddingStarts.set(bytes, start);
  }
  return start;
}
