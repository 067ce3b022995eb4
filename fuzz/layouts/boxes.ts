import { joinBytes } from '../mutate/join-bytes.js';
import { ascii, viewOf, type Block, type Layout } from './layout.js';

const containers = ['moov', 'trak', 'mdia', 'minf', 'stbl', 'udta', 'edts', 'dinf', 'mvex', 'moof', 'traf', 'wave'];

/** Where the boxes in a full box start, after its version, flags and fields (ISO/IEC 14496-12). */
const prefixes: Readonly<Record<string, number>> = {
  stsd: 8,
  dref: 8,
  mp4a: 28,
  fLaC: 28,
  Opus: 28,
  alac: 28,
  meta: 4,
};

function boxLayout(prefixBytes: number): Layout {
  return {
    parse(bytes) {
      const view = viewOf(bytes);
      const blocks: Block[] = [];
      for (let at = prefixBytes; at + 8 <= bytes.length;) {
        const size = view.getUint32(at);
        const end = size >= 8 && at + size <= bytes.length ? at + size : bytes.length;
        blocks.push({ head: bytes.subarray(at + 4, at + 8), body: bytes.subarray(at + 8, end) });
        at = end;
      }
      return { prefix: bytes.subarray(0, prefixBytes), blocks };
    },
    build({ prefix, blocks }) {
      const parts = [prefix];
      for (const { head, body, declared } of blocks) {
        const header = new Uint8Array(8);
        viewOf(header).setUint32(0, declared ?? body.length + 8);
        header.set(head.subarray(0, 4), 4);
        parts.push(header, body);
      }
      return joinBytes(parts);
    },
    inside({ head }) {
      const name = ascii(head, 0, 4);
      if (containers.includes(name)) return boxLayout(0);
      return Object.hasOwn(prefixes, name) ? boxLayout(prefixes[name]) : undefined;
    },
  };
}

/** MP4, M4A and QuickTime. */
export const mp4Layout: Layout = {
  ...boxLayout(0),
  parse: (bytes) => (ascii(bytes, 4, 4) === 'ftyp' ? boxLayout(0).parse(bytes) : undefined),
};
