import { fileSha256 } from './file-hash.node.js';

/**
 * SHA-256 of a file in hexadecimal, read in pieces.
 *
 * @param within a stranger's folder, which the file must not lead out of
 * @throws FileError when it is no regular file or cannot be read
 */
export async function hashFile(path: string, within?: string): Promise<string> {
  return fileSha256(path, { within });
}
