import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FileError } from '@hearken/core';
import { bytesSha256, fileSha256 } from '@hearken/core/node';
import { contentLine, contentPaths } from './content-paths.js';
import type { ReadTaskOptions } from './read-task-folder.node.js';
import type { Task } from './task.js';

/** Files hashed at a time. */
const lanes = 4;

/**
 * Identifies a task's contents: the SHA-256, in hexadecimal, of one line `<SHA-256> <bytes> <path in the task folder>`
 * for its metadata, vocabulary, split files, other files that its metrics need, and every clip, sorted by path. It does
 * not depend on the task's location.
 *
 * @param sampleRates sample rate folders whose clips count; default: all. A score depends on the one that was read.
 * @param allowMissing whether clips that are missing or not regular files are left out instead of being an error
 * @throws FileError if a file cannot be read
 */
export async function taskContentHash(
  task: Pick<Task, 'folder' | 'splits' | 'sampleRates' | 'scoringFiles'>,
  sampleRates: readonly number[] = task.sampleRates,
  { allowMissing = false }: ReadTaskOptions = {},
): Promise<string> {
  const sorted = contentPaths(task, sampleRates);
  const isClip = (path: string) => path.includes('/');
  const lines = new Array<string>(sorted.length).fill('');
  let next = 0;
  const hashNext = async () => {
    while (next < sorted.length) {
      const index = next++;
      const path = join(task.folder, sorted[index]);
      try {
        const sha256 = await fileSha256(path, { within: task.folder });
        lines[index] = contentLine({ sha256, bytes: (await stat(path)).size, path: sorted[index] });
      } catch (error) {
        if (!allowMissing || !isClip(sorted[index]) || !(error instanceof FileError)) throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, hashNext));
  return bytesSha256(lines.join(''));
}
