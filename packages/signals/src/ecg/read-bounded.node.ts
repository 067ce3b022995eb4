import { AudioError } from '@hearken/core';
import { openPlainFile, type PlainFileOptions, readPlainFile } from '@hearken/core/node';

const fixes: Readonly<Record<string, string>> = { 'too-large': 'cut it into parts', 'not-a-file': 'pass an ECG file' };

/**
 * Reads a whole file, if it is a regular file of reasonable size.
 *
 * @param maximumBytes larger files are refused before they are read
 * @throws AudioError naming the file
 */
export async function readBounded(path: string, maximumBytes: number): Promise<Uint8Array> {
  return readPlainFile(path, { maximumBytes, refuse: refusal(path) });
}

/** The first bytes of a regular file, or all of a shorter one. @throws AudioError naming the file */
export async function readHead(path: string, bytes: number): Promise<Uint8Array> {
  const { handle } = await openPlainFile(path, { refuse: refusal(path) });
  try {
    const { bytesRead, buffer } = await handle.read(new Uint8Array(bytes), 0, bytes, 0);
    return buffer.subarray(0, bytesRead);
  } catch (cause) {
    const { message: found } = cause as Error;
    throw new AudioError({ asked: `ECG file '${path}'`, found, fix: 'check that it can be read', cause });
  } finally {
    await handle.close();
  }
}

function refusal(path: string): NonNullable<PlainFileOptions['refuse']> {
  return ({ reason, found, fix, cause }) =>
    new AudioError({ asked: `ECG file '${path}'`, found, fix: fixes[reason] ?? fix, cause });
}
