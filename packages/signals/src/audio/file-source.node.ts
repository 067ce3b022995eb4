import type { FileHandle } from 'node:fs/promises';
import type { ByteSource } from './byte-source.js';

/** Reads an open file in pieces; the caller closes it. */
export function fileSource(handle: FileHandle, size: number): ByteSource {
  return {
    size,
    read: async (offset, length) => {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      for (let filled = 0; filled < bytes.length;) {
        const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, offset + filled);
        // The file became shorter: the caller notices the missing bytes.
        if (bytesRead === 0) return bytes.subarray(0, filled);
        filled += bytesRead;
      }
      return bytes;
    },
  };
}
