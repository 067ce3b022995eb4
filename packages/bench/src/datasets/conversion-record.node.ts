import { createHash } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writing } from '../files/write-file.node.js';
import { isRecord } from '../tasks/json.js';
import { readTaskFolder } from '../tasks/read-task-folder.node.js';
import { taskContentHash } from '../tasks/content-hash.node.js';
import type { PlannedTask } from './dataset.js';
import type { SourceFolder } from './source-folder.node.js';
import { conversionVersion } from './write-task-files.node.js';

const recordName = 'conversion.json';

/** What a task folder says of its making. */
export interface ConversionRecord {
  readonly dataset: string;
  /** See {@link planFingerprint}. */
  readonly fingerprint: string;
  /** {@link taskContentHash} of what was written. */
  readonly contentSha256: string;
  readonly sampleRate: number;
  readonly seed: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
  /** Recordings that were left out, with the reason. */
  readonly skipped: Readonly<Record<string, string>>;
}

/**
 * What a conversion is made from, in one number: SHA-256 over the plan of the task, the rate, and path and size of every
 * recording.
 */
export async function planFingerprint(
  task: PlannedTask,
  source: SourceFolder,
  sampleRate: number,
  allowMissing: boolean,
): Promise<string> {
  const hash = createHash('sha256');
  const { entries, ...rest } = task;
  hash.update(JSON.stringify([conversionVersion, sampleRate, allowMissing, rest]));
  const sizes = new Map<string, number>();
  for (const entry of entries) {
    const path = entry.clip.source;
    if (!sizes.has(path)) sizes.set(path, await source.size(path));
    hash.update(JSON.stringify([entry, sizes.get(path)]));
  }
  return hash.digest('hex');
}

/** Writes the record of a task folder that is complete. */
export async function writeConversionRecord(
  folder: string,
  record: Omit<ConversionRecord, 'contentSha256'>,
): Promise<void> {
  // Reading it back checks every file that a run will want.
  const contentSha256 = await taskContentHash(await readTaskFolder(folder));
  const path = join(folder, recordName);
  await writing(path, () => writeFile(path, `${JSON.stringify({ ...record, contentSha256 }, null, 1)}\n`));
}

/** What lies where a task belongs: nothing, the very same conversion intact, or something else. */
export async function lookAt(folder: string, fingerprint: string): Promise<'nothing' | 'same' | 'other'> {
  const there = await stat(folder).then(
    () => true,
    () => false,
  );
  if (!there) return 'nothing';
  try {
    const record: unknown = JSON.parse(await readFile(join(folder, recordName), 'utf8'));
    if (!isRecord(record) || record.fingerprint !== fingerprint) return 'other';
    return record.contentSha256 === (await taskContentHash(await readTaskFolder(folder))) ? 'same' : 'other';
  } catch {
    return 'other';
  }
}
