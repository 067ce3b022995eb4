import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FileError } from '@hearken/core';
import { fileSha256 } from '@hearken/core/node';
import type { Task } from '@hearken/tasks';
import { contentLine, contentPaths } from '@hearken/tasks/internal';
import { hashIdentity } from '@hearken/results/internal/node';
import { keyName } from '../store/key-name.node.js';
import { type FileFacts, ManifestFile } from './manifest-file.node.js';

/** Files looked at or hashed at a time. */
const lanes = 8;
/** A file that was changed so shortly before it was hashed may have been changed again with the same time. */
const uncertainMilliseconds = 2000;

/** What a task's files are, and what they hash to. */
export interface TaskManifest {
  /** Identifies the task's content, see `taskContentHash`. */
  readonly contentHash: string;
  /** A file of the task by its path in the task's folder, with `/`; undefined if it is missing. */
  readonly file: (path: string) => FileFacts | undefined;
  /** Number of files that had to be read, because they are new or were changed. */
  readonly hashed: number;
}

/** How a manifest is made. */
export interface ManifestOptions {
  /** Folder of all manifests; it may be shared. */
  readonly folder: string;
  /** Whether clips that are missing or not regular files are left out instead of being an error. */
  readonly allowMissing?: boolean;
  /** Stops hashing; the promise then rejects with the signal's reason. */
  readonly abortSignal?: AbortSignal;
  /** The time in ms, for tests; default: `Date.now`. */
  readonly now?: () => number;
}

/**
 * The manifest of a task at some sample rates. Each file is hashed once: as long as its size and its times stay the same,
 * what was found is read from the manifest's file.
 *
 * @throws FileError if a file cannot be read; the abort signal's reason
 */
export async function taskManifest(
  task: Pick<Task, 'id' | 'folder' | 'splits' | 'sampleRates' | 'scoringFiles'>,
  sampleRates: readonly number[],
  { folder, allowMissing = false, abortSignal, now = Date.now }: ManifestOptions,
): Promise<TaskManifest> {
  const root = await realpath(task.folder);
  const place = hashIdentity({ root, sampleRates }).slice(0, 20);
  const stored = new ManifestFile(join(folder, `${keyName(task.id)}-${place}.jsonl`));
  const known = await stored.read();
  const began = now();
  const paths = contentPaths(task, sampleRates);
  const found = new Array<FileFacts | undefined>(paths.length);
  let hashed = 0;
  let next = 0;
  const lookAtNext = async () => {
    while (next < paths.length) {
      abortSignal?.throwIfAborted();
      const index = next++;
      const path = paths[index];
      try {
        const current = await statOf(join(task.folder, path));
        const before = known.get(path);
        if (before !== undefined && current !== undefined && isSame(before, current)) found[index] = before;
        else {
          const sha256 = await fileSha256(join(task.folder, path), { within: task.folder });
          // By its size and times before it was read: a change meanwhile is noticed the next time.
          found[index] = { path, sha256, ...(current ?? { bytes: 0, modified: 0, changed: 0 }) };
          hashed += 1;
        }
      } catch (error) {
        if (!allowMissing || !path.includes('/') || !(error instanceof FileError)) throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lookAtNext));
  const files = found.filter((file) => file !== undefined);
  // A file that was changed a moment ago is hashed again the next time.
  const isCertain = ({ modified, changed }: FileFacts) => Math.max(modified, changed) < began - uncertainMilliseconds;
  if (hashed > 0 || files.length !== known.size) await stored.write(files.filter(isCertain));
  const hash = createHash('sha256');
  for (const file of files) hash.update(contentLine(file));
  const byPath = new Map(files.map((file) => [file.path, file]));
  return { contentHash: hash.digest('hex'), hashed, file: (path) => byPath.get(path) };
}

type FileTimes = Pick<FileFacts, 'bytes' | 'modified' | 'changed'>;

async function statOf(path: string): Promise<FileTimes | undefined> {
  return stat(path).then(
    ({ size, mtimeMs, ctimeMs }) => ({ bytes: size, modified: mtimeMs, changed: ctimeMs }),
    () => undefined,
  );
}

function isSame(one: FileTimes, other: FileTimes): boolean {
  return one.bytes === other.bytes && one.modified === other.modified && one.changed === other.changed;
}

/**
 * Whether a file still is what the manifest says, by its size and times and, if these differ, by its hash: a copy on
 * another machine has other times. To be called after the file has been read.
 */
export async function isUnchanged(folder: string, facts: FileFacts): Promise<boolean> {
  const path = join(folder, facts.path);
  // Synchronous, which takes a tenth of the time: the file was read a moment ago, so the system knows its times.
  const status = statSync(path, { throwIfNoEntry: false });
  if (status?.size !== facts.bytes) return false;
  const now = { bytes: status.size, modified: status.mtimeMs, changed: status.ctimeMs };
  if (isSame(now, facts)) return true;
  return (await fileSha256(path, { within: folder }).catch(() => '')) === facts.sha256;
}
