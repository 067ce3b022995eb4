/** What may stand behind the last frame of a stream without being damage; undefined for anything else. */
export type Trailer = 'ID3v1' | 'APE' | 'Lyrics3' | 'ID3v2' | 'padding';

/**
 * Tells tags and padding behind the sound from sound that is damaged.
 *
 * @param at where the last frame ended
 */
export function trailerKind(bytes: Uint8Array, at: number): Trailer | undefined {
  const text = (length: number) => String.fromCharCode(...bytes.subarray(at, at + length));
  if (text(3) === 'TAG' && bytes.length - at >= 128) return 'ID3v1';
  if (text(8) === 'APETAGEX') return 'APE';
  if (text(11) === 'LYRICSBEGIN') return 'Lyrics3';
  if (text(3) === 'ID3' || text(3) === '3DI') return 'ID3v2';
  return bytes.subarray(at).every((byte, _, rest) => byte === rest[0]) ? 'padding' : undefined;
}
