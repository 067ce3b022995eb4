/** A cyclic redundancy check that shifts left, starts at 0 and has no final inversion: used by FLAC and Ogg. */
export type Checksum = (bytes: Uint8Array, start: number, end: number) => number;

/**
 * @param width 8, 16 or 32 bits
 * @param polynomial without its highest term
 */
function checksum(width: 8 | 16 | 32, polynomial: number): Checksum {
  const shift = 32 - width;
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte << 24;
    for (let bit = 0; bit < 8; bit += 1) value = (value << 1) ^ (value < 0 ? polynomial << shift : 0);
    return value;
  });
  return (bytes, start, end) => {
    let value = 0;
    for (let index = start; index < end; index += 1) value = (value << 8) ^ table[(value >>> 24) ^ bytes[index]];
    return value >>> shift;
  };
}

/** Of a FLAC frame's header (RFC 9639, section 9.1.8). */
export const crc8 = checksum(8, 0x07);
/** Of a whole FLAC frame (RFC 9639, section 9.3). */
export const crc16 = checksum(16, 0x8005);
/** Of an Ogg page (RFC 3533, section 6). */
export const crc32 = checksum(32, 0x04c11db7);
