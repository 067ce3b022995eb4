import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FileError } from '@hearken/core';
import { bytesSha256, fileSha256 } from '@hearken/core/node';
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
  const paths = new Set(['task_metadata.json', 'labelvocabulary.csv', ...(task.scoringFiles ?? [])]);
  for (const [split, clips] of task.splits) {
    paths.add(`${split}.json`);
    for (const rate of sampleRates) clips.forEach((clip) => paths.add(`${rate}/${split}/${clip.name}`));
  }
  // By code unit, which is the same in every locale.
  const sorted = [...paths].sort();
  const isClip = (path: string) => path.includes('/');
  const lines = new Array<string>(sorted.length).fill('');
  let next = 0;
  const hashNext = async () => {
    while (next < sorted.length) {
      const index = next++;
      const path = join(task.folder, sorted[index]);
      try {
        lines[index] =
          `${await fileSha256(path, { within: task.folder })} ${(await stat(path)).size} ${sorted[index]}\n`;
      } catch (error) {
        if (!allowMissing || !isClip(sorted[index]) || !(error instanceof FileError)) throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, hashNext));
  return bytesSha256(lines.join(''));
}
