import { join } from 'node:path';
import { userCacheFolder } from './user-cache.node.js';

/** Where Hearken stores what can be recomputed: unpacked tasks, embeddings, journals of unfinished runs and so on. */
export interface CacheFolders {
  /** The parent of the folders below. */
  readonly root: string;
  /** Unpacked archives. */
  readonly tasks: string;
  /** Embeddings, by model and task content. */
  readonly embeddings: string;
  /** Finished parts of unfinished runs. */
  readonly journals: string;
  /** Findings of the guards about tasks. */
  readonly inspections: string;
}

/**
 * The folders of the cache.
 *
 * @param root default: `HEARKEN_CACHE`, else the user's cache folder, see `userCacheFolder` of `@hearken/onnx/node`
 */
export function cacheFolders(root: string = userCacheFolder()): CacheFolders {
  return {
    root,
    tasks: join(root, 'tasks'),
    embeddings: join(root, 'embeddings'),
    journals: join(root, 'journals'),
    inspections: join(root, 'inspections'),
  };
}
