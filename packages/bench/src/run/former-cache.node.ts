import { existsSync } from 'node:fs';
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
  const folders = formerFolders.map((name) => join(root, name)).filter((folder) => existsSync(folder));
  // The folders may hold millions of files, which are counted only once.
  if (folders.length === 0 || !(await writeNewFile(join(root, toldFile), ''))) return undefined;
  let bytes = 0;
  for (const folder of folders) bytes += await sizeOf(folder);
  const paths = folders.map((path) => `'${path}'`);
  const size = `${(bytes / 1e6).toFixed(1)} MB`;
  return (
    `The cache has ${size} of an earlier version, which this version does not read, in ${paths.join(' and ')}. ` +
    `To delete it: rm -r ${paths.join(' ')}`
  );
}

/** Bytes of the files in a folder, as far as it can be read. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  let bytes = 0;
  for (const entry of entries) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name)).catch(() => ({ size: 0 }))).size;
  }
  return bytes;
}
