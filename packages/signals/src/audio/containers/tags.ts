/** What may follow the last frame of a stream; undefined for anything else. */
export type Trailer = 'ID3v1' | 'APE' | 'Lyrics3' | 'ID3v2' | 'padding';

/** Where the padding at the end of a file begins. Called at every element or frame, so it is computed once. */
const paddingStarts = new WeakMap<Uint8Array, number>();

/**
 * Distinguishes tags and padding after the audio from damaged audio.
 *
 * @param bytes the whole file, which must not change meanwhile
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

/** Where the run of a single value at the end of a file begins. */
function paddingStart(bytes: Uint8Array): number {
  let start = paddingStarts.get(bytes);
  if (start === undefined) {
    start = bytes.length;
    while (start > 0 && bytes[start - 1] === bytes[bytes.length - 1]) start -= 1;
    paddingStarts.set(bytes, start);
  }
  return start;
}
