import { joinBytes } from '../mutate/join-bytes.js';
import { ascii, viewOf, type Layout } from './layout.js';

/** Two blocks: a text and what follows it. */
function textAndData(text: Uint8Array, data: Uint8Array) {
  return {
    prefix: new Uint8Array(),
    blocks: [
      { head: new Uint8Array(), body: text },
      { head: new Uint8Array(), body: data },
    ],
  };
}

/** The header of a `.npy` is padded text with a length of two bytes. */
export const npyLayout: Layout = {
  parse(bytes) {
    if (ascii(bytes, 1, 5) !== 'NUMPY' || bytes.length < 10) return undefined;
    const end = Math.min(bytes.length, 10 + viewOf(bytes).getUint16(8, true));
    return { ...textAndData(bytes.subarray(10, end), bytes.subarray(end)), prefix: bytes.subarray(0, 8) };
  },
  build({ prefix, blocks: [text, ...rest] }) {
    const body = text?.body ?? new Uint8Array();
    const trimmed = Buffer.from(body).toString('latin1').trimEnd();
    const padded = Buffer.from(`${trimmed.padEnd(Math.ceil((trimmed.length + 11) / 64) * 64 - 11)}\n`, 'latin1');
    const size = (text?.declared ?? padded.length) & 0xffff;
    return joinBytes([prefix, Uint8Array.of(size & 255, size >> 8), padded, ...rest.map((block) => block.body)]);
  },
};

/** Safetensors: the length of the header in eight bytes, the header as JSON, and the tensors. */
export const safetensorsLayout: Layout = {
  parse(bytes) {
    if (bytes.length < 10 || bytes[8] !== 0x7b) return undefined;
    const size = Number(viewOf(bytes).getBigUint64(0, true));
    if (size > bytes.length - 8) return undefined;
    return textAndData(bytes.subarray(8, 8 + size), bytes.subarray(8 + size));
  },
  build({ blocks: [text, ...rest] }) {
    const size = new Uint8Array(8);
    const body = text?.body ?? new Uint8Array();
    viewOf(size).setBigUint64(0, BigInt(text?.declared ?? body.length), true);
    return joinBytes([size, body, ...rest.map((block) => block.body)]);
  },
};
