import { crc16, crc8 } from '../../packages/signals/src/audio/codecs/crc.js';
import { joinBytes } from '../mutate/join-bytes.js';
import { ascii, type Block, type Layout } from './layout.js';

/** Metadata blocks have a head of one byte; frames have none, and their two checksums are recomputed (RFC 9639). */
export const flacLayout: Layout = {
  parse(bytes) {
    if (ascii(bytes, 0, 4) !== 'fLaC') return undefined;
    const blocks: Block[] = [];
    let at = 4;
    for (let isLast = false; !isLast && at + 4 <= bytes.length;) {
      isLast = (bytes[at] & 0x80) !== 0;
      const end = Math.min(bytes.length, at + 4 + ((bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]));
      blocks.push({ head: bytes.subarray(at, at + 1), body: bytes.subarray(at + 4, end) });
      at = end;
    }
    while (at < bytes.length) {
      let end = at + 2;
      while (end < bytes.length && !(bytes[end] === 0xff && (bytes[end + 1] & 0xfe) === 0xf8)) end += 1;
      blocks.push({ head: new Uint8Array(), body: bytes.subarray(at, Math.min(end, bytes.length)) });
      at = end;
    }
    return { prefix: bytes.subarray(0, 4), blocks };
  },
  build({ prefix, blocks }) {
    const parts = [prefix];
    for (const { head, body, declared } of blocks) {
      if (head.length === 0) parts.push(withChecksums(body));
      else {
        const size = declared ?? body.length;
        parts.push(Uint8Array.of(head[0], size >>> 16, size >>> 8, size), body);
      }
    }
    return joinBytes(parts);
  },
};

function withChecksums(frame: Uint8Array): Uint8Array {
  if (frame.length < 10) return frame;
  const fixed = frame.slice();
  // The number of the frame or sample is UTF-8; sizes and rates may follow it.
  const numberBytes = fixed[4] < 0x80 ? 1 : Math.max(1, Math.clz32(~fixed[4] << 24));
  const [blockSize, rate] = [fixed[2] >> 4, fixed[2] & 15];
  const extra =
    (blockSize === 6 ? 1 : blockSize === 7 ? 2 : 0) + (rate === 12 ? 1 : rate === 13 || rate === 14 ? 2 : 0);
  const headerEnd = 4 + numberBytes + extra;
  if (headerEnd + 3 > fixed.length) return fixed;
  fixed[headerEnd] = crc8(fixed, 0, headerEnd);
  const whole = crc16(fixed, 0, fixed.length - 2);
  fixed[fixed.length - 2] = whole >> 8;
  fixed[fixed.length - 1] = whole & 255;
  return fixed;
}
