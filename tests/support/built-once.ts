import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { oneAtATime } from './one-at-a-time.js';
import { exists, packageSources, root } from './packed-packages.js';

const kept = join(root, 'node_modules/.cache/hearken-pages');

/**
 * A folder that a bundler writes from the packages' sources: made once for each state of the sources, for all test
 * files and later runs. It is shared, so it must not be changed.
 *
 * @param name of what is built
 * @param sources folder of what is built, in addition to the packages; relative to the workspace
 * @param build writes into the folder that it is given
 */
export async function builtOnce(
  name: string,
  sources: string,
  build: (folder: string) => Promise<unknown>,
): Promise<string> {
  await mkdir(kept, { recursive: true });
  const folder = join(kept, `${name}-${await hashOf(sources)}`);
  const work = async () => {
    if (await exists(folder)) return folder;
    const fresh = join(kept, `fresh-${name}`);
    await rm(fresh, { recursive: true, force: true });
    await build(fresh);
    await removeOld(name);
    await rename(fresh, folder);
    return folder;
  };
  // Another test file that needs it waits for this one.
  return oneAtATime(join(kept, `building-${name}`), work);
}

/** A hash of everything that a bundle is made from. */
async function hashOf(sources: string): Promise<string> {
  const own = (await readdir(join(root, sources), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .filter((path) => !/[/\\](?:dist|node_modules)[/\\]/.test(path));
  const builders = ['tests/browser/build-page.ts', 'tests/browser/playground-page.ts'];
  const places = [...(await packageSources()), ...own, ...builders];
  const hash = createHash('sha256').update(process.version);
  for (const place of places.sort()) {
    const content = await readFile(join(root, place));
    hash.update(`${place} ${content.length}\n`).update(content);
  }
  return hash.digest('hex').slice(0, 16);
}

/** All but the two latest: a run that began before a source was changed may still read them. */
async function removeOld(name: string): Promise<void> {
  const names = (await readdir(kept)).filter((one) => one.startsWith(`${name}-`) && /-[0-9a-f]{16}$/.test(one));
  const found = await Promise.all(names.map(async (one) => ({ one, time: (await stat(join(kept, one))).mtimeMs })));
  found.sort((a, b) => b.time - a.time);
  for (const { one } of found.slice(2)) await rm(join(kept, one), { recursive: true, force: true });
}
