import { lstat, readdir, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { removeLeftovers } from '@hearken/core/node';
import { isUnfinished } from '../store/file-artifacts.node.js';

/** A finished file below a folder. */
export interface LocalFile {
  readonly path: string;
  readonly bytes: number;
  /** When it was last used, in milliseconds since 1970. */
  readonly used: number;
}

/** The finished files below a folder; unfinished ones whose processes were killed are removed. */
export async function localFiles(folder: string): Promise<LocalFile[]> {
  await removeLeftovers(folder);
  const files: LocalFile[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) files.push(...(await localFiles(path)));
    if (!entry.isFile() || isUnfinished(entry.name)) continue;
    const status = await lstat(path).catch(() => undefined);
    if (status !== undefined) files.push({ path, bytes: status.size, used: status.mtimeMs });
  }
  return files;
}

/** Notes that a file is used now: what was used last is removed last. */
export async function markUsed(path: string, now: number): Promise<void> {
  await utimes(path, now / 1000, now / 1000).catch(() => undefined);
}

/**
 * Removes the least recently used of some files until the others have at most `maximumBytes`.
 *
 * @param isKept says which ones stay, whatever they take
 * @returns the bytes of those that are left
 */
export async function removeLeastUsed(
  files: readonly LocalFile[],
  maximumBytes: number,
  isKept: (file: LocalFile) => boolean | Promise<boolean>,
): Promise<number> {
  let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  for (const file of [...files].sort((one, other) => one.used - other.used)) {
    if (bytes <= maximumBytes) break;
    // Another process may have used it meanwhile.
    const status = await lstat(file.path).catch(() => undefined);
    if (await isKept(status === undefined ? file : { ...file, used: status.mtimeMs })) continue;
    await rm(file.path, { force: true });
    bytes -= file.bytes;
  }
  return bytes;
}
