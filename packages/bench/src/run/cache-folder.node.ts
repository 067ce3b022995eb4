import { homedir, platform } from 'node:os';
import { join } from 'node:path';

/** Where Hearken keeps what can be computed again: unpacked tasks, embeddings, journals of unfinished runs and so on. */
export interface CacheFolders {
  readonly root: string;
  readonly tasks: string;
  readonly embeddings: string;
  readonly journals: string;
  /** What the guards found in tasks. */
  readonly inspections: string;
}

/**
 * The folders of the cache.
 *
 * @param root default: `HEARKEN_CACHE`, else `hearken` in the user's cache folder (`~/.cache` and `XDG_CACHE_HOME` on
 *   Linux, `~/Library/Caches` on macOS, `%LOCALAPPDATA%` on Windows)
 */
export function cacheFolders(root: string = process.env.HEARKEN_CACHE ?? join(userCache(), 'hearken')): CacheFolders {
  return {
    root,
    tasks: join(root, 'tasks'),
    embeddings: join(root, 'embeddings'),
    journals: join(root, 'journals'),
    inspections: join(root, 'inspections'),
  };
}

function userCache(): string {
  if (process.env.XDG_CACHE_HOME) return process.env.XDG_CACHE_HOME;
  if (platform() === 'darwin') return join(homedir(), 'Library', 'Caches');
  if (platform() === 'win32') return process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local');
  return join(homedir(), '.cache');
}
