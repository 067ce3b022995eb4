import type { ByteReader } from './byte-source.js';

/** Number of bytes that give a tag's length. */
export const tagHeadBytes = 32;

const blockBytes = 65_536;
const maximumPadding = 2 ** 20;

/**
 * Size in bytes of the tag at the beginning of `head`, 0 if there is none: ID3v2 (id3v2.4.0-structure, section 3) with
 * its footer, and APEv1 and APEv2 with a header.
 */
export function tagBytes(head: Uint8Array): number {
  const text = String.fromCharCode(...head.subarray(0, 8));
  // A version of 255, or a size with its high bits set, is not a tag according to ID3v2.
  if (text.startsWith('ID3') && head.length >= 10 && head[3] < 255 && head[4] < 255) {
    const size = head.subarray(6, 10);
    if (size.some((byte) => byte > 127)) return 0;
    return 10 + ((size[0] << 21) | (size[1] << 14) | (size[2] << 7) | size[3]) + (head[5] & 0x10 ? 10 : 0);
  }
  if (text === 'APETAGEX' && head.length >= 32) {
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    // The size includes the footer but not the header; bit 29 of the flags distinguishes them.
    return view.getUint32(20, true) & 0x2000_0000 ? 32 + view.getUint32(12, true) : 32;
  }
  return 0;
}

/** Zeros, or bytes of 0xFF, starting at `offset`; at most 1 MiB. */
export function* paddingBytes(offset: number): ByteReader<number> {
  let length = 0;
  let filler: number | undefined;
  while (length < maximumPadding) {
    const block = yield { offset: offset + length, length: blockBytes };
    if (block.length === 0) break;
    filler ??= block[0];
    if (filler !== 0 && filler !== 0xff) return 0;
    const end = block.findIndex((byte) => byte !== filler);
    if (end >= 0) return length + end;
    length += block.length;
  }
  return length;
}
