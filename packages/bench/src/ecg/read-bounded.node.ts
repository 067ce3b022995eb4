import { open, stat } from 'node:fs/promises';
import { AudioError } from '@hearken/core';

/**
 * Reads a file whole, if it is a plain file of a bearable size.
 *
 * @param maximumBytes larger files are refused before they are read
 * @throws AudioError naming the file
 */
export async function readBounded(path: string, maximumBytes: number): Promise<Uint8Array> {
  const refused = (found: string, fix: string, cause?: unknown) =>
    new AudioError({ asked: `ECG file '${path}'`, found, fix, cause });
  try {
    // Looked at before it is opened: opening a named pipe would wait for a writer.
    if (!(await stat(path)).isFile()) throw refused('something not a file', 'pass an ECG file');
    const file = await open(path);
    try {
      const { size } = await file.stat();
      if (size > maximumBytes) throw refused(`${size} bytes, over the limit of ${maximumBytes}`, 'cut it into parts');
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof AudioError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw refused('no such file', 'check the path', cause);
    throw refused(message, 'check that it can be read', cause);
  }
}
