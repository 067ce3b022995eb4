import { fileSha256 } from './file-hash.node.js';

/**
 * SHA-256 of a file in hexadecimal, read in pieces.
 *
 * @param within an untrusted folder, which links must not lead out of
 * @throws FileError if it is not a regular file or can't be read
 */
export async function hashFile(path: string, within?: string): Promise<string> {
  return fileSha256(path, { within });
}
