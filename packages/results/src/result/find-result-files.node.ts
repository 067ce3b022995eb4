import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { FileError } from '@hearken/core';

/** Far above the size of any result: larger files are something else and are not read. */
export const maximumResultBytes = 2 ** 26;

const maximumDepth = 8;
const maximumEntries = 200_000;

/** Other files stored with results: `results/**` on a command line also matches them. */
const otherEndings = ['.npy', '.jsonl', '.md', '.txt', '.csv', '.html'];

/** What has no results in it: fine-tuned models are stored beside theirs, and have JSON files of their own. */
function isSkipped(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules' || name.endsWith('.checkpoints');
}

/** Names of profiles, which are stored beside results. No task has such a name: its version and mode are part of it. */
const profileName = /^profile\.[0-9a-f]{8}\.json$/;

/** Whether a file is named like a profile. */
function isProfile(path: string): boolean {
  return profileName.test(basename(path));
}

/**
 * Files that may be results: the given JSON files, and all JSON files in the given folders, each once. Links are not
 * followed, as they could lead in circles or out of the folder; hidden files, `node_modules`, folders of fine-tuned models and profiles are
 * skipped.
 *
 * @returns sorted paths, those in a folder beginning with the folder's path as given; the files have not been read
 * @throws FileError if a path does not exist or is not a JSON file, for folders over 8 deep or with over 200,000
 *   entries, and if there are no JSON files at all
 */
export async function findResultFiles(paths: readonly string[]): Promise<string[]> {
  const found = new Map(
    (await jsonFiles(paths)).filter((file) => !isProfile(file)).map((file) => [resolve(file), file]),
  );
  if (found.size > 0) return [...found.values()].sort();
  const asked = `results in ${paths.map((path) => `'${path}'`).join(', ')}`;
  throw new FileError({ asked, found: 'no JSON files', fix: "pass files or folders written by 'hearken run'" });
}

/**
 * Files that are named like profiles, found as {@link findResultFiles} finds results.
 *
 * @returns sorted paths; the files have not been read
 * @throws FileError as there, but not if there are none
 */
export async function findProfileFiles(paths: readonly string[]): Promise<string[]> {
  const found = new Map((await jsonFiles(paths)).filter(isProfile).map((file) => [resolve(file), file]));
  return [...found.values()].sort();
}

async function jsonFiles(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const left = { entries: maximumEntries };
  for (const path of paths) {
    const status = await stat(path).catch((cause: unknown) => {
      const asked = `results in '${path}'`;
      throw new FileError({ asked, found: 'no such file or folder', fix: 'check the path', cause });
    });
    const files = status.isDirectory() ? await filesBelow(path, 0, left) : [path];
    found.push(...files.filter((name) => name.endsWith('.json')));
    if (status.isDirectory() || path.endsWith('.json') || otherEndings.some((ending) => path.endsWith(ending)))
      continue;
    throw new FileError({
      asked: `result '${path}'`,
      found: 'not a JSON file',
      fix: "pass a result file written by 'hearken run'",
    });
  }
  return found;
}

async function filesBelow(folder: string, depth: number, left: { entries: number }): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  left.entries -= entries.length;
  if (left.entries < 0 || depth > maximumDepth) {
    const found = depth > maximumDepth ? `folders over ${maximumDepth} deep` : `over ${maximumEntries} files`;
    throw new FileError({ asked: `results in '${folder}'`, found, fix: 'pass the folders of results themselves' });
  }
  const files: string[] = [];
  for (const entry of entries.filter(({ name }) => !isSkipped(name))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) files.push(...(await filesBelow(path, depth + 1, left)));
    else if (entry.isFile()) files.push(path);
  }
  return files;
}
