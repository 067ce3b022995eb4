import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeNewFile } from '@hearken/core/node';

/** Folders of the cache that only earlier versions read. */
const formerFolders = ['embeddings', 'journals'];
/** Its presence means that the user has been told. */
const toldFile = 'former-cache-told';

/**
 * Says, once for each cache, that embeddings and unfinished runs of earlier versions are there, which this version does
 * not read: where, how large, and how to delete them.
 *
 * @param root the folder of the cache
 */
export async function formerCacheNote(root: string): Promise<string | undefined> {
  const found: string[] = [];
  let bytes = 0;
  for (const name of formerFolders) {
    const size = await sizeOf(join(root, name));
    if (size === undefined) continue;
    found.push(join(root, name));
    bytes += size;
  }
  if (found.length === 0 || !(await writeNewFile(join(root, toldFile), ''))) return undefined;
  const paths = found.map((path) => `'${path}'`);
  const size = `${(bytes / 1e6).toFixed(1)} MB`;
  return (
    `The cache has ${size} of an earlier version, which this version does not read, in ${paths.join(' and ')}. ` +
    `To delete it: rm -r ${paths.join(' ')}`
  );
}

/** Bytes of the files in a folder; undefined if there is no such folder. */
async function sizeOf(folder: string): Promise<number | undefined> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return undefined;
  let bytes = 0;
  for (const entry of entries) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name)).catch(() => ({ size: 0 }))).size;
  }
  return bytes;
}
