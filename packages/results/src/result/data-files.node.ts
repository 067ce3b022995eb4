import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { bytesSha256, fileSha256, writeNewFile } from '@hearken/core/node';
import type { Result } from '../format/result.js';
import { readResultFile } from '../format/read-result.node.js';

/**
 * The files that belong to a result and are named in it. None that is there is ever changed, as another process may be
 * reading it, or about to write a result that names it: where one of that name has other content, the new one has a
 * part of its hash in its name.
 */
export class DataFiles {
  /** Those that were not there before. */
  readonly #written: string[] = [];

  /** @param path the result's file */
  constructor(private readonly path: string) {}

  /**
   * Writes a file, or finds it there.
   *
   * @param of what comes after the result's name, such as `.seed-1`
   * @param ending such as `.predictions.npy`
   * @returns its name and hash, as a result names it
   */
  async write(of: string, ending: string, content: Uint8Array): Promise<{ file: string; sha256: string }> {
    const sha256 = bytesSha256(content);
    const start = this.path.replace(/\.json$/, of);
    for (const path of [`${start}${ending}`, `${start}.${sha256.slice(0, 8)}${ending}`]) {
      const isNew = await writeNewFile(path, content);
      if (isNew) this.#written.push(path);
      if (isNew || (await fileSha256(path).catch(() => undefined)) === sha256) return { file: basename(path), sha256 };
    }
    // Neither name can be used: the second one has a damaged file.
    const path = `${start}.${sha256}${ending}`;
    await rm(path, { force: true });
    await writeNewFile(path, content);
    this.#written.push(path);
    return { file: basename(path), sha256 };
  }

  /** Removes what was written here, unless the result that took the name uses it. */
  async removeUnused(): Promise<void> {
    const used = await filesNamedIn(this.path);
    for (const path of this.#written) if (!used.has(basename(path))) await rm(path, { force: true });
  }
}

/** Removes the files of a result that was replaced by another one in the same place, unless that one uses them too. */
export async function removeReplaced(path: string, before: Result | undefined, now: Result): Promise<void> {
  if (before === undefined) return;
  // Another process may have replaced the result again.
  const used = new Set([...dataFilesOf(now), ...(await filesNamedIn(path))]);
  for (const name of dataFilesOf(before)) {
    // A name from a file is only a name: it leads nowhere else.
    if (!used.has(name) && name === basename(name)) await rm(join(dirname(path), name), { force: true });
  }
}

/** The files that the result at a path names; none if there is no readable one. */
async function filesNamedIn(path: string): Promise<ReadonlySet<string>> {
  const read = await readResultFile(path);
  return 'result' in read ? dataFilesOf(read.result) : new Set<string>();
}

function dataFilesOf({ predictions, testClips, seeds = [] }: Result): ReadonlySet<string> {
  const named = [predictions, testClips, ...seeds.map((seed) => seed.predictions)];
  return new Set(named.flatMap((one) => (one === null || one === undefined ? [] : [one.file])));
}
