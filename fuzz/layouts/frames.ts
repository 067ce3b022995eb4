import { joinBytes } from '../mutate/join-bytes.js';
import type { Block, Layout } from './layout.js';

/** MP3 and ADTS: frames from one sync word to the next, and the bytes before the first one. */
export const frameLayout: Layout = {
  parse(bytes) {
    const starts: number[] = [];
    for (let at = 0; at + 4 <= bytes.length; at += 1) {
      if (bytes[at] === 0xff && (bytes[at + 1] & 0xe0) === 0xe0 && bytes[at + 1] !== 0xff) starts.push(at);
    }
    if (starts.length === 0) return undefined;
    const blocks = starts.map((start, index): Block => {
      const end = starts[index + 1] ?? bytes.length;
      return { head: bytes.subarray(start, start + 4), body: bytes.subarray(Math.min(start + 4, end), end) };
    });
    return { prefix: bytes.subarray(0, starts[0]), blocks };
  },
  build: ({ prefix, blocks }) => joinBytes([prefix, ...blocks.flatMap(({ head, body }) => [head, body])]),
};
