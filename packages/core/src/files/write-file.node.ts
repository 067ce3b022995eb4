import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FileError, isHearkenError } from '../errors.js';
import { checkOutput, createOutput, openOutput } from './output-file.node.js';

/**
 * Writes a file so that its name shows either the old content or all of the new: to a temporary file beside it,
 * flushed to the disk, then renamed. Missing folders are made. Nothing but a regular file is replaced: no device, no link.
 *
 * @throws FileError when the folder cannot be made or written, or the disk is full; nothing half-written stays
 */
export async function writeFileAtomic(
  path: string,
  content: string | Uint8Array | AsyncIterable<Uint8Array>,
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`);
  await writing(path, async () => {
    await mkdir(dirname(path), { recursive: true });
    await checkOutput(path);
    try {
      const file = await createOutput(temporary);
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
      await checkOutput(path);
      await rename(temporary, path);
    } catch (cause) {
      await rm(temporary, { force: true });
      throw cause;
    }
  });
}

/**
 * Writes a file in place, for those that a later one vouches for: a process that is killed leaves half of it.
 *
 * @throws FileError when it cannot be written, or is anything but a regular file
 */
export async function writeFileInPlace(path: string, content: string | Uint8Array): Promise<void> {
  await writing(path, async () => {
    const file = await openOutput(path);
    try {
      await file.truncate(0);
      await file.writeFile(content);
    } finally {
      await file.close();
    }
  });
}

/** What processes that were killed while they wrote may leave; the number is the process's. */
const leftover = /\.\d+-[0-9a-f]{8}\.(tmp|stale)$/;

/**
 * Removes what killed processes left in a folder, which the caller must hold the lock of. A living process's try for that
 * lock goes as well: it tries again.
 */
export async function removeLeftovers(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((one) => leftover.test(one))) {
    await rm(join(folder, name), { force: true });
  }
}

/**
 * Makes a folder, and its parents, where it is missing.
 *
 * @throws FileError when it cannot be made
 */
export async function makeFolder(path: string): Promise<void> {
  await writing(path, () => mkdir(path, { recursive: true }));
}

/** Runs something that writes to `path`; whatever the system refuses becomes a FileError. */
export async function writing<Result>(path: string, write: () => Promise<Result>): Promise<Result> {
  try {
    return await write();
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === undefined || isHearkenError(cause)) throw cause;
    const [found, fix] = reasons[code] ?? [(cause as Error).message, 'check that it can be written'];
    throw new FileError({ asked: `to write '${path}'`, found, fix, cause });
  }
}

const fileInTheWay: [string, string] = ['a file where a folder is needed', 'move that file, or choose another folder'];
const notAllowed: [string, string] = [
  'no permission to write there',
  'change its permissions, or choose another folder',
];
const full: [string, string] = ['the disk is full', 'free some space, or choose another folder'];

/** What was found and what to do, by the system's error code. */
const reasons: Readonly<Record<string, [string, string]>> = {
  ENOSPC: full,
  EDQUOT: ['the disk quota is used up', full[1]],
  EFBIG: ['a file over the size that is allowed', 'raise the limit (ulimit -f), or choose another file system'],
  EACCES: notAllowed,
  EPERM: notAllowed,
  EROFS: ['a read-only file system', 'choose another folder'],
  ENOTDIR: fileInTheWay,
  EEXIST: fileInTheWay,
  EISDIR: ['a folder of that name', 'remove it, or choose another name'],
  ENAMETOOLONG: ['a name that is too long', 'choose a shorter path'],
};

/**
 * Makes a folder where it is missing, and finds out whether files can be written in it.
 *
 * @throws FileError when they cannot
 */
export async function checkWritable(folder: string): Promise<void> {
  await makeFolder(folder);
  // One name, so that what a killed process leaves is gone with the next one.
  const probe = join(folder, '.writable.tmp');
  await writing(folder, async () => {
    const file = await openOutput(probe);
    await file.close();
    await rm(probe, { force: true });
  });
}
