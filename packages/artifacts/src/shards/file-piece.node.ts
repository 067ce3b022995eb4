import type { FileHandle } from 'node:fs/promises';

/** The most bytes requested in one read: some systems refuse more than 2 GiB. */
const pieceBytes = 2 ** 28;

/** Some bytes of a file, in a buffer of their own. @throws Error if it ends before */
export async function pieceOf(handle: FileHandle, position: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  await readPiece(handle, position, bytes);
  return bytes;
}

/** Fills a buffer with the bytes of a file from a position. @throws Error if it ends before */
export async function readPiece(handle: FileHandle, position: number, into: Uint8Array): Promise<void> {
  for (let filled = 0; filled < into.length;) {
    const wanted = Math.min(pieceBytes, into.length - filled);
    const { bytesRead } = await handle.read(into, filled, wanted, position + filled);
    if (bytesRead === 0) throw new Error(`the file ends after ${position + filled} bytes`);
    filled += bytesRead;
  }
}
