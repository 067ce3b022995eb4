import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readPlainText, writeFileInPlace } from '@hearken/core/node';
import { isRecord, parseBoundedJson } from '@hearken/core/internal';
import { readTaskFolder } from '../read-task-folder.node.js';
import { taskContentHash } from '../content-hash.node.js';
import type { Grouping } from '../task.js';
import type { ProblemChoice } from './clip-problems.js';
import type { PlannedTask } from './dataset.js';
import type { SourceFolder } from './source-folder.node.js';
import { conversionVersion } from './write-task-files.node.js';

const recordName = 'conversion.json';
const maximumRecordBytes = 2 ** 26;

/** What a task folder says about how it was made. */
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
  /** Whether clips belong to groups. */
  readonly grouping: Grouping;
  /** Recordings that were left out, at least in part, with the reason. */
  readonly skipped: Readonly<Record<string, string>>;
  /** Planned clips that were left out. */
  readonly leftOut: readonly string[];
}

/** What a conversion's content depends on, in addition to its plan. */
interface Conversion extends ProblemChoice {
  readonly source: SourceFolder;
  readonly sampleRate: number | 'source';
}

/**
 * Identifies what a conversion is made from: the SHA-256 of the task's plan, the sample rate, what is left out, and the
 * path and size of every recording.
 */
export async function planFingerprint(task: PlannedTask, conversion: Conversion): Promise<string> {
  const hash = createHash('sha256');
  const { entries, warnings: _, ...rest } = task;
  const { source, sampleRate, allowMissing = false, skipBad = false } = conversion;
  hash.update(JSON.stringify([conversionVersion, sampleRate, allowMissing, skipBad, rest]));
  for (const entry of entries) hash.update(JSON.stringify([entry, await source.size(entry.clip.source)]));
  return hash.digest('hex');
}

/** Writes the record of a complete task folder. */
export async function writeConversionRecord(
  folder: string,
  record: Omit<ConversionRecord, 'contentSha256'>,
): Promise<void> {
  // Reading the folder checks every file that a run needs.
  const contentSha256 = await taskContentHash(await readTaskFolder(folder));
  const path = join(folder, recordName);
  await writeFileInPlace(path, `${JSON.stringify({ ...record, contentSha256 }, null, 1)}\n`);
}

/** What is at a task's path. */
export interface FoundFolder {
  /** Nothing, the result of this very conversion, or something else. */
  readonly state: 'nothing' | 'same' | 'other';
  /** For the same conversion: its groups, and the clips that it left out. */
  readonly grouping?: Grouping;
  readonly leftOut?: readonly string[];
}

/** Checks what is at a task's path. */
export async function lookAt(folder: string, fingerprints: readonly string[]): Promise<FoundFolder> {
  const there = await stat(folder).then(
    () => true,
    () => false,
  );
  if (!there) return { state: 'nothing' };
  try {
    const record: unknown = parseBoundedJson(
      await readPlainText(join(folder, recordName), { maximumBytes: maximumRecordBytes }),
    );
    if (!isRecord(record) || !fingerprints.includes(String(record.fingerprint))) return { state: 'other' };
    if (record.contentSha256 !== (await taskContentHash(await readTaskFolder(folder)))) return { state: 'other' };
    const { grouping, leftOut } = record as unknown as ConversionRecord;
    return { state: 'same', grouping, leftOut };
  } catch {
    return { state: 'other' };
  }
}
