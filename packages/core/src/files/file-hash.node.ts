import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { FileError } from '../errors.js';
import { openPlainFile, type PlainFileOptions } from './plain-file.node.js';

/** SHA-256 of bytes, or of a text in UTF-8, in hexadecimal. */
export function bytesSha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * SHA-256 of a regular file in hexadecimal, read as a stream. Covers the bytes that the file had when it was opened.
 *
 * @throws FileError, or the error that `refuse` makes, for anything that is not a regular file, can't be read, or
 *   becomes shorter while it is read
 */
export async function fileSha256(path: string, options: PlainFileOptions = {}): Promise<string> {
  const { handle, size } = await openPlainFile(path, options);
  const hash = createHash('sha256');
  if (size === 0) {
    await handle.close();
    return hash.digest('hex');
  }
  const bytes = handle.createReadStream({ start: 0, end: size - 1, highWaterMark: 1 << 20 });
  await pipeline(bytes, hash);
  if (bytes.bytesRead === size) return hash.digest('hex');
  const found = `a file that became shorter while it was being read, ${bytes.bytesRead} of ${size} bytes`;
  throw new FileError({ asked: `file '${path}'`, found, fix: 'wait until it is completely written, and try again' });
}
