import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TaskError } from '@hearken/core';
import { readPlainText } from '@hearken/core/node';
import { parseClips } from './clip-labels.js';
import { parseJson } from '@hearken/core/internal';
import { parseMetadata } from './metadata.js';
import { readScoringFiles } from './scoring-files.node.js';
import type { Clip, Task } from './task.js';
import { parseVocabulary } from './vocabulary.js';

const maximumMetadataBytes = 2 ** 24;
/** The JSON of a split with three million clips is about this large. */
const maximumSplitBytes = 2 ** 28;

/** How strictly to read a task folder. */
export interface ReadTaskOptions {
  /** Accept a task with missing clips. */
  readonly allowMissing?: boolean;
}

/**
 * Reads a task folder: metadata, labels and splits. Audio is not read; every file must exist.
 *
 * @throws TaskError naming the task and file of the first error
 */
export async function readTaskFolder(folder: string, { allowMissing }: ReadTaskOptions = {}): Promise<Task> {
  const metadataPath = join(folder, 'task_metadata.json');
  const { metadata: written, splits: names } = parseMetadata(
    await readText(metadataPath, maximumMetadataBytes),
    metadataPath,
  );
  const { metadata, files } = await readScoringFiles(written, folder);
  const id = `${metadata.taskName}-${metadata.version}-${metadata.mode}`;
  const vocabularyPath = join(folder, 'labelvocabulary.csv');
  const labels = parseVocabulary(await readText(vocabularyPath, maximumMetadataBytes, id), vocabularyPath);
  const splits = new Map<string, readonly Clip[]>();
  for (const split of names) {
    const path = join(folder, `${split}.json`);
    const json = parseJson(await readText(path, maximumSplitBytes, id), path);
    splits.set(split, parseClips(json, { task: id, split, metadata, labels }));
  }
  const sampleRates = await findSampleRates(folder, id);
  for (const sampleRate of allowMissing === true ? [] : sampleRates) {
    for (const [split, clips] of splits) await checkFiles(join(folder, String(sampleRate), split), clips, id);
  }
  return { metadata, id, folder, labels, splits, sampleRates, ...(files.length > 0 ? { scoringFiles: files } : {}) };
}

async function readText(path: string, maximumBytes: number, task?: string): Promise<string> {
  const asked = task === undefined ? `'${path}'` : `'${path}' of task '${task}'`;
  const incomplete = 'the task is incomplete: download or unpack it again';
  return readPlainText(path, {
    maximumBytes,
    within: dirname(path),
    refuse: ({ reason, found, fix, cause }) =>
      new TaskError({ asked, found, fix: reason === 'missing' ? incomplete : fix, cause }),
  });
}

async function findSampleRates(folder: string, id: string): Promise<number[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const rates = entries
    .filter((entry) => entry.isDirectory() && /^[1-9]\d{0,6}$/.test(entry.name))
    .map((entry) => Number(entry.name));
  if (rates.length === 0) {
    throw new TaskError({
      asked: `audio of task '${id}' in '${folder}'`,
      found: "no folder named after a sample rate, such as '48000'",
      fix: "download the task's archive for at least one sample rate",
    });
  }
  return rates.sort((left, right) => left - right);
}

async function checkFiles(folder: string, clips: readonly Clip[], id: string): Promise<void> {
  const listings = new Map<string, ReadonlySet<string>>();
  const missing: string[] = [];
  for (const clip of clips) {
    const path = join(folder, clip.name);
    const parent = dirname(path);
    let files = listings.get(parent);
    if (files === undefined) {
      files = await listFiles(parent);
      listings.set(parent, files);
    }
    if (!files.has(path)) missing.push(clip.name);
  }
  if (missing.length === 0) return;
  throw new TaskError({
    asked: `${clips.length} clips of task '${id}' in '${folder}'`,
    found: `${missing.length} missing, the first '${missing[0]}'`,
    fix: "download or unpack the task again (links do not count as files), or run without them: 'hearken run --skip-unreadable'",
  });
}

async function listFiles(folder: string): Promise<ReadonlySet<string>> {
  // A missing folder has no files.
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return new Set(entries.filter((entry) => entry.isFile()).map((entry) => join(folder, entry.name)));
}
