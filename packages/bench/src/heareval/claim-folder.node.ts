import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FileError } from '@hearken/core';
import { readPlainText, writeNewFile, writing } from '@hearken/core/node';
import { hashIdentity } from '@hearken/results/internal/node';
import { doneEmbeddings, originFile } from './embedding-files.js';

const maximumOriginBytes = 2 ** 20;

/** A folder that contains embeddings of one model and task only. */
export interface FolderClaim {
  /** Whether it was not claimed before, or its contents were removed. */
  readonly isNew: boolean;
  /** @throws FileError if another run has removed the folder's contents since, to embed something else */
  check(): Promise<void>;
}

/**
 * Claims a folder for embeddings of one model and task, or finds that it has been claimed for these: by an earlier run,
 * or by another one at the same time.
 *
 * @param force removes its contents, if they are embeddings
 * @throws FileError if it contains anything else
 */
export async function claimFolder(folder: string, origin: object, force: boolean): Promise<FolderClaim> {
  const path = join(folder, originFile);
  const text = JSON.stringify({ identity: hashIdentity(origin), ...origin });
  const read = async () =>
    (await readPlainText(path, { maximumBytes: maximumOriginBytes }).catch(() => undefined))?.trim();
  const check = async () => {
    if ((await read()) !== text) throw replaced(folder);
  };
  // Before the origin is read: another run may claim the folder in between, and its files are no reason to refuse.
  const entries = (await readdir(folder)).filter((entry) => !isUnfinishedOrigin(entry));
  if (!force && (await read()) === text) return { isNew: false, check };
  if (entries.length > 0) await clear(folder, entries, force);
  const isNew = await writeNewFile(path, `${text}\n`);
  if (!isNew && (await read()) !== text) throw occupied(folder, true);
  return { isNew, check };
}

/** @throws FileError unless the files are marked as embeddings, and `force` is set */
async function clear(folder: string, entries: readonly string[], force: boolean): Promise<void> {
  // Files that are not marked as embeddings are never removed.
  const marked = entries.some(isMark);
  if (!marked || !force) throw occupied(folder, marked);
  const marksLast = [...entries].sort((left, right) => Number(isMark(left)) - Number(isMark(right)));
  for (const entry of marksLast) {
    const path = join(folder, entry);
    // Another run may still be writing files there.
    await writing(path, () => rm(path, { recursive: true, force: true, maxRetries: 3 }));
  }
}

/** The temporary file of a run that is claiming the folder, or was killed while it did. */
function isUnfinishedOrigin(entry: string): boolean {
  return entry.startsWith(`.${originFile}.`) && entry.endsWith('.tmp');
}

function isMark(entry: string): boolean {
  return entry === originFile || entry === doneEmbeddings;
}

function occupied(folder: string, marked: boolean): FileError {
  return new FileError({
    asked: `to embed into '${folder}'`,
    found: marked ? 'embeddings of another model, checkpoint or task content' : 'other files in it',
    fix: marked ? 'choose another --out, or pass --force to replace them' : 'choose another --out; nothing was removed',
  });
}

function replaced(folder: string): FileError {
  return new FileError({
    asked: `to embed into '${folder}'`,
    found: 'that another run has removed these embeddings to write its own',
    fix: 'choose another --out for one of them',
  });
}
