import { joinBytes } from '../mutate/join-bytes.js';
import type { Block, Layout } from './layout.js';

/** Elements that contain others (RFC 9559): Segment, Cluster, Tracks, TrackEntry, Audio, Info, BlockGroup, Cues, SeekHead. */
const masters = [
  '18538067',
  '1f43b675',
  '1654ae6b',
  'ae',
  'e1',
  '1549a966',
  'a0',
  '1c53bb6b',
  '114d9b74',
  'bb',
  '4dbb',
];

function widthAt(bytes: Uint8Array, at: number): number {
  return at < bytes.length && bytes[at] !== 0 ? Math.clz32(bytes[at]) - 23 : 0;
}

const elements: Layout = {
  parse(bytes) {
    const blocks: Block[] = [];
    for (let at = 0; at < bytes.length;) {
      const idBytes = widthAt(bytes, at);
      const sizeBytes = widthAt(bytes, at + idBytes);
      const start = at + idBytes + sizeBytes;
      if (idBytes === 0 || sizeBytes === 0 || start > bytes.length) break;
      let size = bytes[at + idBytes] & (0xff >> sizeBytes);
      for (let index = at + idBytes + 1; index < start; index += 1) size = size * 256 + bytes[index];
      // All ones: to the end.
      const end = start + size <= bytes.length ? start + size : bytes.length;
      blocks.push({ head: bytes.subarray(at, at + idBytes), body: bytes.subarray(start, end) });
      at = end;
    }
    return { prefix: new Uint8Array(), blocks };
  },
  build({ prefix, blocks }) {
    const parts = [prefix];
    for (const { head, body, declared } of blocks) {
      const size = new Uint8Array(8);
      new DataView(size.buffer).setBigUint64(0, BigInt.asUintN(56, BigInt(declared ?? body.length)));
      size[0] = 1;
      parts.push(head, size, body);
    }
    return joinBytes(parts);
  },
  inside: ({ head }) => (masters.includes(Buffer.from(head).toString('hex')) ? elements : undefined),
};

/** WebM and Matroska. */
export const ebmlLayout: Layout = {
  ...elements,
  parse: (bytes) =>
    Buffer.from(bytes.subarray(0, 4)).toString('hex') === '1a45dfa3' ? elements.parse(bytes) : undefined,
};
