import { crc32 } from 'node:zlib';
import { joinBytes } from '../mutate/join-bytes.js';
import { ascii, viewOf, type Block, type Layout } from './layout.js';

const tarBlock = 512;

/** A head is the entry's header of 512 bytes; its size and checksum are recomputed (POSIX ustar). */
export const tarLayout: Layout = {
  parse(bytes) {
    if (ascii(bytes, 257, 5) !== 'ustar') return undefined;
    const blocks: Block[] = [];
    for (let at = 0; at + tarBlock <= bytes.length && bytes[at] !== 0;) {
      const size = Number.parseInt(ascii(bytes, at + 124, 11), 8) || 0;
      const start = at + tarBlock;
      blocks.push({
        head: bytes.subarray(at, start),
        body: bytes.subarray(start, Math.min(bytes.length, start + size)),
      });
      at = start + Math.ceil(size / tarBlock) * tarBlock;
    }
    return { prefix: new Uint8Array(), blocks };
  },
  build({ prefix, blocks }) {
    const parts = [prefix];
    for (const { head, body, declared } of blocks) {
      const header = new Uint8Array(tarBlock);
      header.set(head.subarray(0, tarBlock));
      writeText(header, 124, `${(declared ?? body.length).toString(8).padStart(11, '0').slice(-11)}\0`);
      writeText(header, 148, ' '.repeat(8));
      const sum = header.reduce((total, byte) => total + byte, 0);
      writeText(header, 148, `${sum.toString(8).padStart(6, '0')}\0 `);
      parts.push(header, body, new Uint8Array((tarBlock - (body.length % tarBlock)) % tarBlock));
    }
    return joinBytes([...parts, new Uint8Array(2 * tarBlock)]);
  },
};

function writeText(bytes: Uint8Array, at: number, text: string): void {
  bytes.set(Buffer.from(text, 'latin1'), at);
}

/** ZIP as written by PyTorch: stored entries, whose heads are their names; directory, offsets and checksums are recomputed. */
export const zipLayout: Layout = {
  parse(bytes) {
    if (ascii(bytes, 0, 4) !== 'PK\x03\x04') return undefined;
    const view = viewOf(bytes);
    const end = Buffer.from(bytes).lastIndexOf('PK\x05\x06', undefined, 'latin1');
    if (end < 0 || end + 22 > bytes.length) return undefined;
    const blocks: Block[] = [];
    let at = view.getUint32(end + 16, true);
    for (let count = view.getUint16(end + 10, true); count > 0 && at + 46 <= bytes.length; count -= 1) {
      const [nameBytes, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
      const local = view.getUint32(at + 42, true);
      if (local + 30 > bytes.length) return undefined;
      const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
      const body = bytes.subarray(start, start + view.getUint32(at + 20, true));
      blocks.push({ head: bytes.subarray(at + 46, at + 46 + nameBytes), body });
      at += 46 + nameBytes + extra + comment;
    }
    return { prefix: new Uint8Array(), blocks };
  },
  build({ prefix, blocks }) {
    const parts = [prefix];
    const directory: Uint8Array[] = [];
    let offset = prefix.length;
    for (const { head, body, declared } of blocks) {
      const size = declared ?? body.length;
      const common = Buffer.alloc(26);
      common.writeUInt16LE(20, 0);
      common.writeUInt32LE(crc32(body), 10);
      common.writeUInt32LE(size >>> 0, 14);
      common.writeUInt32LE(size >>> 0, 18);
      common.writeUInt16LE(head.length & 0xffff, 22);
      const tail = Buffer.alloc(14);
      tail.writeUInt32LE(offset, 10);
      directory.push(Buffer.from('PK\x01\x02\x14\0', 'latin1'), common, tail, head);
      parts.push(Buffer.from('PK\x03\x04', 'latin1'), common, head, body);
      offset += 30 + head.length + body.length;
    }
    const listed = joinBytes(directory);
    const end = Buffer.alloc(22);
    end.write('PK\x05\x06', 'latin1');
    end.writeUInt16LE(blocks.length & 0xffff, 8);
    end.writeUInt16LE(blocks.length & 0xffff, 10);
    end.writeUInt32LE(listed.length, 12);
    end.writeUInt32LE(offset, 16);
    return joinBytes([...parts, listed, end]);
  },
};
