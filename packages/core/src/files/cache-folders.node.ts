import { homedir, platform } from 'node:os';
import { join } from 'node:path';

/**
 * The folder for what can be recomputed or downloaded again: `HEARKEN_CACHE`, else `hearken` in the user's cache folder
 * (`~/.cache` and `XDG_CACHE_HOME` on Linux, `~/Library/Caches` on macOS, `%LOCALAPPDATA%` on Windows). An empty
 * variable counts as not set.
 */
export function userCacheFolder(): string {
  const { HEARKEN_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (HEARKEN_CACHE) return HEARKEN_CACHE;
  if (XDG_CACHE_HOME) return join(XDG_CACHE_HOME, 'hearken');
  if (platform() === 'darwin') return join(homedir(), 'Library', 'Caches', 'hearken');
  if (platform() === 'win32' && LOCALAPPDATA) return join(LOCALAPPDATA, 'hearken');
  if (platform() === 'win32') return join(homedir(), 'AppData', 'Local', 'hearken');
  return join(homedir(), '.cache', 'hearken');
}

/** Where Hearken stores what can be recomputed: unpacked tasks, embeddings, finished trainings and so on. */
export interface CacheFolders {
  /** The parent of the folders below. */
  readonly root: string;
  /** Unpacked archives. */
  readonly tasks: string;
  /** Embeddings, and the trainings of unfinished runs. */
  readonly artifacts: string;
  /** What the files of tasks hash to. */
  readonly manifests: string;
  /** Findings of the guards about tasks. */
  readonly inspections: string;
}

/**
 * The folders of the cache.
 *
 * @param root default: `HEARKEN_CACHE`, else the user's cache folder, see {@link userCacheFolder}
 */
export function cacheFolders(root: string = userCacheFolder()): CacheFolders {
  return {
    root,
    tasks: join(root, 'tasks'),
    artifacts: join(root, 'artifacts'),
    manifests: join(root, 'manifests'),
    inspections: join(root, 'inspections'),
  };
}
