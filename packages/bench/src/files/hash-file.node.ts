import { FileError } from '@hearken/core';
import { fileSha256 } from '@hearken/onnx/node';

/**
 * SHA-256 of a file in hexadecimal, read in pieces.
 *
 * @throws FileError when it cannot be read
 */
export async function hashFile(path: string): Promise<string> {
  try {
    return await fileSha256(path);
  } catch (cause) {
    const found = (cause as Error).message;
    throw new FileError({ asked: `file '${path}'`, found, fix: 'check that it is there and can be read', cause });
  }
}
