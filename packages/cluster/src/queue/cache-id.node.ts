import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Artifacts } from '@hearken/artifacts';
import { FileError } from '@hearken/core';
import { readIfThere, writeNewFile } from '@hearken/core/node';

/**
 * What identifies a cache folder, whatever path each machine reaches it by: random, in the file `cache-id` at its top,
 * which the first process writes. Workers that share a queue must share a cache, because one reads what another wrote.
 *
 * @param root the cache folder
 * @throws FileError if the file can't be read or written, or is damaged
 */
export async function cacheId(root: string): Promise<string> {
  const path = join(root, 'cache-id');
  const found = await readId(path);
  if (found !== undefined) return found;
  await writeNewFile(path, `${randomBytes(16).toString('hex')}\n`);
  // That of another process, if it was faster.
  const written = await readId(path);
  if (written !== undefined) return written;
  const fix = 'check that the cache folder stays there';
  throw new FileError({ asked: `file '${path}'`, found: 'no file, although it was just written', fix });
}

/**
 * What identifies the place that workers share: the store if there is one, in which the first process writes an id in the
 * same way, else the cache.
 *
 * @param root the cache folder
 * @throws FileError like {@link cacheId}, or if the store fails
 */
export async function sharedId(root: string, store: Artifacts | undefined): Promise<string> {
  if (store === undefined) return cacheId(root);
  const key = 'store-id';
  await store.write(key, Buffer.from(`${randomBytes(16).toString('hex')}\n`));
  // That of another process, if it was faster.
  const path = await store.fetch(key);
  const written = path === undefined ? undefined : await readId(path);
  if (written !== undefined) return written;
  throw new FileError({
    asked: 'what identifies the store that workers share',
    found: `no '${key}', although it was just written`,
    fix: 'check that nothing removes objects from the store',
  });
}

async function readId(path: string): Promise<string | undefined> {
  const refuse = ({ found, fix, cause }: { found: string; fix: string; cause?: unknown }) =>
    new FileError({ asked: `file '${path}'`, found, fix, cause });
  const bytes = await readIfThere(path, { maximumBytes: 256, refuse });
  if (bytes === undefined) return undefined;
  const text = bytes.toString('utf8').trim();
  if (/^[0-9a-f]{32}$/.test(text)) return text;
  throw refuse({ found: 'no id of a cache', fix: 'remove it: the next process writes a new one' });
}
