import { joinBytes } from '../mutate/join-bytes.js';
import type { Block, Layout } from './layout.js';

function readVarint(bytes: Uint8Array, at: number): [value: number, next: number] | undefined {
  let value = 0;
  for (let index = 0; index < 10 && at + index < bytes.length; index += 1) {
    value += (bytes[at + index] & 127) * 2 ** (7 * index);
    if (bytes[at + index] < 128) return [value, at + index + 1];
  }
  return undefined;
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = Math.max(0, value);
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Uint8Array.of(...bytes, rest);
}

/** Fields of a message, as in ONNX: a head is the tag, and the value if it has no length. */
export const protobufLayout: Layout = {
  parse(bytes) {
    const blocks: Block[] = [];
    for (let at = 0; at < bytes.length;) {
      const tag = readVarint(bytes, at);
      if (tag === undefined || tag[0] < 8) return undefined;
      const [key, start] = tag;
      const length = key % 8 === 2 ? readVarint(bytes, start) : undefined;
      if (length !== undefined && length[1] + length[0] <= bytes.length) {
        blocks.push({ head: bytes.subarray(at, start), body: bytes.subarray(length[1], length[1] + length[0]) });
        at = length[1] + length[0];
        continue;
      }
      const end =
        key % 8 === 0
          ? readVarint(bytes, start)?.[1]
          : key % 8 === 5
            ? start + 4
            : key % 8 === 1
              ? start + 8
              : undefined;
      if (end === undefined || end > bytes.length) return undefined;
      blocks.push({ head: bytes.subarray(at, end), body: new Uint8Array() });
      at = end;
    }
    return { prefix: new Uint8Array(), blocks };
  },
  build({ prefix, blocks }) {
    const parts = [prefix];
    for (const { head, body, declared } of blocks) {
      const hasLength = ((readVarint(head, 0)?.[0] ?? 0) & 7) === 2;
      parts.push(head, ...(hasLength ? [varint(declared ?? body.length), body] : []));
    }
    return joinBytes(parts);
  },
  inside: ({ body }) => (body.length > 1 ? protobufLayout : undefined),
};
