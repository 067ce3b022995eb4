import { join } from 'node:path';
import { withFileLock, type LockOptions } from './file-lock.node.js';

/**
 * Runs `work` while no other process does so in the same folder, which is created if it is missing.
 *
 * @throws FileError as {@link withFileLock} does
 */
export async function withFolderLock<Result>(
  folder: string,
  work: () => Promise<Result>,
  options: LockOptions = {},
): Promise<Result> {
  return withFileLock(join(folder, 'lock'), work, { what: `cache folder '${folder}'`, ...options });
}
