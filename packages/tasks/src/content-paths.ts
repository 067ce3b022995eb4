import type { Task } from './task.js';

/**
 * The files of a task that its content hash covers, as paths in its folder: its metadata, vocabulary, split files, other
 * files that its metrics need, and every clip, sorted by code unit, which is the same in every locale.
 *
 * @param sampleRates sample rate folders whose clips count
 */
export function contentPaths(
  { splits, scoringFiles = [] }: Pick<Task, 'splits' | 'scoringFiles'>,
  sampleRates: readonly number[],
): string[] {
  const paths = new Set(['task_metadata.json', 'labelvocabulary.csv', ...scoringFiles]);
  for (const [split, clips] of splits) {
    paths.add(`${split}.json`);
    for (const rate of sampleRates) clips.forEach((clip) => paths.add(`${rate}/${split}/${clip.name}`));
  }
  return [...paths].sort();
}

/** A file's line in what the content hash is the hash of: `<SHA-256> <bytes> <path>`. */
export function contentLine({ sha256, bytes, path }: { sha256: string; bytes: number; path: string }): string {
  return `${sha256} ${bytes} ${path}\n`;
}
