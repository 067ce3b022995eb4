import { crc32 } from '../../packages/signals/src/audio/codecs/crc.js';
import { joinBytes } from '../mutate/join-bytes.js';
import { ascii, viewOf, type Block, type Layout } from './layout.js';

const headerBytes = 27;

/** Pages: a block's head is the page header with its segment table. */
export const oggLayout: Layout = {
  parse(bytes) {
    if (ascii(bytes, 0, 4) !== 'OggS') return undefined;
    const blocks: Block[] = [];
    for (let at = 0; at + headerBytes <= bytes.length && ascii(bytes, at, 4) === 'OggS';) {
      const start = at + headerBytes + bytes[at + 26];
      const segments = bytes.subarray(at + headerBytes, start);
      const end = Math.min(bytes.length, start + segments.reduce((sum, length) => sum + length, 0));
      blocks.push({ head: bytes.subarray(at, start), body: bytes.subarray(start, end) });
      at = end;
    }
    return { prefix: new Uint8Array(), blocks };
  },
  build({ prefix, blocks }) {
    const parts = [prefix];
    for (const { head, body, declared } of blocks) {
      const fixed = head.subarray(0, headerBytes).slice();
      const held = head.subarray(headerBytes).reduce((sum, length) => sum + length, 0);
      // Keeps the segments if they still fit, otherwise makes new ones: a page has up to 255.
      const segments = held === body.length ? head.subarray(headerBytes) : segmentsOf(declared ?? body.length);
      if (fixed.length === headerBytes) fixed[26] = segments.length;
      const page = joinBytes([fixed, segments, body]);
      if (page.length >= headerBytes) {
        viewOf(page).setUint32(22, 0);
        viewOf(page).setUint32(22, crc32(page, 0, page.length), true);
      }
      parts.push(page);
    }
    return joinBytes(parts);
  },
};

function segmentsOf(length: number): Uint8Array {
  const count = Math.min(255, Math.floor(length / 255) + 1);
  return Uint8Array.from({ length: count }, (_, index) => (index === count - 1 && count < 255 ? length % 255 : 255));
}
