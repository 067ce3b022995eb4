import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { FileError } from '@hearken/core';

/** No result comes near it: a larger file is something else, and is not read. */
export const maximumResultBytes = 2 ** 26;

const maximumDepth = 8;
const maximumEntries = 200_000;

/** What lies beside results: `results/**` on a command line names them, too. */
const otherEndings = ['.npy', '.jsonl', '.md', '.txt', '.csv', '.html'];

/**
 * Files that may be results: each JSON file that is named, and all in the folders that are, each once. Links are not
 * followed, as they could lead in circles or out of the folder; hidden files and `node_modules` are passed over.
 *
 * @returns sorted paths, under the names that were given; nothing of the files has been read
 * @throws FileError for a path that is not there or no JSON, for folders over 8 deep or with over 200,000 entries, and where
 *   there is no JSON file at all
 */
export async function findResultFiles(paths: readonly string[]): Promise<string[]> {
  const found = new Map<string, string>();
  const left = { entries: maximumEntries };
  for (const path of paths) {
    const status = await stat(path).catch((cause: unknown) => {
      const asked = `results in '${path}'`;
      throw new FileError({ asked, found: 'no such file or folder', fix: 'check the path', cause });
    });
    const files = status.isDirectory() ? await filesBelow(path, 0, left) : [path];
    for (const file of files.filter((name) => name.endsWith('.json'))) found.set(resolve(file), file);
    if (status.isDirectory() || path.endsWith('.json') || otherEndings.some((ending) => path.endsWith(ending)))
      continue;
    throw new FileError({ asked: `result '${path}'`, found: 'no JSON file', fix: "pass what 'hearken run' wrote" });
  }
  if (found.size > 0) return [...found.values()].sort();
  const asked = `results in ${paths.map((path) => `'${path}'`).join(', ')}`;
  throw new FileError({ asked, found: 'no JSON files', fix: "pass files or folders that 'hearken run' wrote" });
}

async function filesBelow(folder: string, depth: number, left: { entries: number }): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  left.entries -= entries.length;
  if (left.entries < 0 || depth > maximumDepth) {
    const found = depth > maximumDepth ? `folders over ${maximumDepth} deep` : `over ${maximumEntries} files`;
    throw new FileError({ asked: `results in '${folder}'`, found, fix: 'pass the folders of results themselves' });
  }
  const files: string[] = [];
  for (const entry of entries.filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) files.push(...(await filesBelow(path, depth + 1, left)));
    else if (entry.isFile()) files.push(path);
  }
  return files;
}
