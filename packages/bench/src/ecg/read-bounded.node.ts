import { AudioError } from '@hearken/core';
import { readPlainFile } from '@hearken/onnx/node';

const fixes: Readonly<Record<string, string>> = { 'too-large': 'cut it into parts', 'not-a-file': 'pass an ECG file' };

/**
 * Reads a file whole, if it is a plain file of a bearable size.
 *
 * @param maximumBytes larger files are refused before they are read
 * @throws AudioError naming the file
 */
export async function readBounded(path: string, maximumBytes: number): Promise<Uint8Array> {
  return readPlainFile(path, {
    maximumBytes,
    refuse: ({ reason, found, fix, cause }) =>
      new AudioError({ asked: `ECG file '${path}'`, found, fix: fixes[reason] ?? fix, cause }),
  });
}
