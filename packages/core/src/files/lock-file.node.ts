import { randomBytes } from 'node:crypto';
import { link, mkdir, rm, rmdir, stat, utimes, type FileHandle } from 'node:fs/promises';
import { FileError } from '../errors.js';
import { recordText, type LockRecord } from './lock-holder.node.js';
import type { SeenLock } from './lock-watch.js';
import { createOutput } from './output-file.node.js';
import { readPlainText, type UnreadableFile } from './plain-file.node.js';
import { writing } from './write-file.node.js';

/** Creates the lock with all of its content in one step, so that nobody sees a partial one. */
export async function tryLock(path: string, own: LockRecord): Promise<boolean> {
  const content = recordText(own);
  const temporary = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  return writing(path, async () => {
    try {
      await writeNew(await createOutput(temporary), content);
      await link(temporary, path);
      return true;
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code === 'EEXIST') return false;
      // The holder of the lock removes what killed processes left, possibly this attempt's file too; the next attempt
      // follows.
      if (code === 'ENOENT' && (cause as NodeJS.ErrnoException).syscall === 'link') return false;
      if (code !== undefined && noLinks.includes(code)) return await createLock(path, content);
      throw cause;
    } finally {
      await rm(temporary, { force: true });
    }
  });
}

/** The error of file systems without hard links. */
const noLinks = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV'];

async function createLock(path: string, content: string): Promise<boolean> {
  const file = await createOutput(path).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw cause;
  });
  if (file === undefined) return false;
  await writeNew(file, content);
  return true;
}

async function writeNew(file: FileHandle, content: string): Promise<void> {
  try {
    await file.writeFile(content);
  } finally {
    await file.close();
  }
}

const maximumLockBytes = 2 ** 16;

/** Errors of the system are passed on; anything with that name that is not a lock file is not worth waiting for. */
function lockRefusal(path: string): (why: UnreadableFile) => Error {
  return ({ found, cause }) =>
    cause instanceof Error
      ? cause
      : new FileError({
          asked: `lock file '${path}'`,
          found,
          fix: `remove '${path}': it is not one of Hearken's locks`,
        });
}

/**
 * A lock as it is now; undefined if it is gone. Opening it first, as reading does, makes a network file system refresh
 * its times.
 */
export async function readLock(path: string): Promise<SeenLock | undefined> {
  try {
    const content = await readPlainText(path, { maximumBytes: maximumLockBytes, refuse: lockRefusal(path) });
    return { content, modified: (await stat(path)).mtimeMs };
  } catch (cause) {
    if (['ENOENT', 'ESTALE'].includes((cause as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw cause;
  }
}

/** Shows other processes that the holder of the lock is alive; call the result to stop. */
export function keepTouching(path: string, own: LockRecord, milliseconds: number): () => Promise<void> {
  let touching: Promise<void> | undefined;
  const touch = async () => {
    // A process that was suspended for minutes may have lost its lock, and must not keep another process's lock alive.
    if (!(await isOwn(path, own))) return;
    const now = new Date();
    await utimes(path, now, now).catch(() => undefined);
  };
  const timer = setInterval(() => {
    touching ??= touch().finally(() => (touching = undefined));
  }, milliseconds);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await touching;
  };
}

/** Removes the lock if it is still this process's. */
export async function release(path: string, own: LockRecord): Promise<void> {
  if (await isOwn(path, own)) await rm(path, { force: true });
}

async function isOwn(path: string, own: LockRecord): Promise<boolean> {
  return (await readPlainText(path, { maximumBytes: maximumLockBytes }).catch(() => undefined)) === recordText(own);
}

/**
 * Removes a dead process's lock if it is still the one that was seen. Only one process does so at a time; otherwise the
 * slower of two would remove the new lock of the faster one.
 *
 * @returns false if another process is doing this
 */
export async function takeOver(path: string, seen: SeenLock): Promise<boolean> {
  return writing(path, async () => {
    try {
      await mkdir(takeoverFolder(path));
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw cause;
    }
    try {
      const now = await readLock(path);
      if (now?.content === seen.content && now.modified === seen.modified) await rm(path, { force: true });
      return true;
    } finally {
      await rmdir(takeoverFolder(path)).catch(() => undefined);
    }
  });
}

/** What a process creates while it takes over a lock, so that only one does. */
export function takeoverFolder(path: string): string {
  return `${path}.takeover`;
}
