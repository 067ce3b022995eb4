import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** HEAR's archives have `hear-2021.0.6/tasks/<task>`; one more level for a folder of unpacked archives. */
const maximumDepth = 4;
const maximumFolders = 100_000;

/**
 * Folders with a `task_metadata.json` at `root` or up to four levels below it, sorted. Links, hidden folders and
 * folders inside tasks are not followed.
 */
export async function findTaskFolders(root: string): Promise<string[]> {
  const found: string[] = [];
  let level = [root];
  for (let depth = 0, seen = 0; depth <= maximumDepth && level.length > 0; depth += 1) {
    const next: string[] = [];
    for (const folder of level) {
      const entries = await readdir(folder, { withFileTypes: true });
      if (entries.some((entry) => entry.isFile() && entry.name === 'task_metadata.json')) {
        found.push(folder);
        continue;
      }
      for (const entry of entries) {
        if (!entry.isDirectory() || entry.name.startsWith('.') || ++seen > maximumFolders) continue;
        next.push(join(folder, entry.name));
      }
    }
    level = next;
  }
  return found.sort();
}
