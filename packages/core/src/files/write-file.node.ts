import { link, lstat, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FileError, isHearkenError } from '../errors.js';
import { checkOutput, createOutput, openOutput } from './output-file.node.js';
import { isGone, uniqueName } from './process-name.node.js';

/** How a file is written. */
export interface WriteFileOptions {
  /**
   * Waits until the content is on the disk, so that a power failure can't leave an empty file; default true. Without
   * it, many small files are written much faster.
   */
  readonly flush?: boolean;
}

/**
 * Writes a file atomically: to a temporary file next to it, flushed to the disk, then renamed, so that the name always
 * shows all of the old or all of the new content. Missing folders are created. Only regular files are replaced, not
 * devices or links.
 *
 * @throws FileError if the folder can't be created or written, or the disk is full; no partial file stays
 */
export async function writeFileAtomic(
  path: string,
  content: string | Uint8Array | AsyncIterable<Uint8Array>,
  options: WriteFileOptions = {},
): Promise<void> {
  const place = async (temporary: string) => {
    await checkOutput(path);
    await rename(temporary, path);
  };
  await writing(path, () => throughTemporary(path, content, place, options));
}

/**
 * Writes a file that must not exist yet, whole or not at all: of several processes that write it at the same time, one
 * wins, and its content is never replaced.
 *
 * @returns whether this content is now in the file; false if something has that name already, which stays as it is
 * @throws FileError as {@link writeFileAtomic}
 */
export async function writeNewFile(
  path: string,
  content: string | Uint8Array | AsyncIterable<Uint8Array>,
): Promise<boolean> {
  return writing(path, () =>
    throughTemporary(path, content, async (temporary) => {
      try {
        await link(temporary, path);
        return true;
      } catch (cause) {
        const { code = '' } = cause as NodeJS.ErrnoException;
        if (code === 'EEXIST') return false;
        if (!withoutLinks.has(code)) throw cause;
        if (await isTaken(path)) return false;
        await rename(temporary, path);
        return true;
      } finally {
        await rm(temporary, { force: true });
      }
    }),
  );
}

/** What systems answer where a file system has no hard links. */
const withoutLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL']);

async function isTaken(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (cause: NodeJS.ErrnoException) => cause.code !== 'ENOENT',
  );
}

/** Writes a temporary file next to a path, flushes it, and lets `place` give it its name. */
async function throughTemporary<Result>(
  path: string,
  content: string | Uint8Array | AsyncIterable<Uint8Array>,
  place: (temporary: string) => Promise<Result>,
  { flush = true }: WriteFileOptions = {},
): Promise<Result> {
  const temporary = temporaryPath(path);
  await mkdir(dirname(path), { recursive: true });
  await checkOutput(path);
  try {
    const file = await createOutput(temporary);
    try {
      await file.writeFile(content);
      if (flush) await file.sync();
    } finally {
      await file.close();
    }
    return await place(temporary);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw cause;
  }
}

/**
 * Writes a file in place, for files whose completeness another file written later confirms: a killed process leaves a
 * partial file.
 *
 * @throws FileError if it can't be written, or is not a regular file
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

/** A new name next to `path` for a file that is renamed when it is complete. {@link removeLeftovers} knows such names. */
export function temporaryPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.${uniqueName()}.tmp`);
}

/** Temporary files, with the host and the number of the process that wrote them. */
const temporaryName = /\.([0-9a-f]{8}-\d+)-[0-9a-f]{8}\.tmp$/;
/** No file takes a day to write. */
const abandonedMilliseconds = 24 * 60 * 60 * 1000;

/** Removes the temporary files in a folder whose processes were killed while they wrote them. */
export async function removeLeftovers(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const writer = temporaryName.exec(name)?.[1];
    if (writer === undefined) continue;
    const path = join(folder, name);
    if (isGone(writer) || (await isAbandoned(path))) await rm(path, { force: true });
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  const status = await lstat(path).catch(() => undefined);
  return status !== undefined && Date.now() - status.mtimeMs > abandonedMilliseconds;
}

/**
 * Creates a folder and its parents if missing.
 *
 * @throws FileError if it can't be created
 */
export async function makeFolder(path: string): Promise<void> {
  await writing(path, () => mkdir(path, { recursive: true }));
}

/** Runs something that writes to `path`, and turns errors of the system into a FileError. */
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

/** What was found and how to fix it, by the system's error code. */
const reasons: Readonly<Record<string, [string, string]>> = {
  ENOSPC: full,
  EDQUOT: ['the disk quota is used up', full[1]],
  EFBIG: ['a file over the allowed size', 'raise the limit (ulimit -f), or choose another file system'],
  EACCES: notAllowed,
  EPERM: notAllowed,
  EROFS: ['a read-only file system', 'choose another folder'],
  ENOTDIR: fileInTheWay,
  EEXIST: fileInTheWay,
  EISDIR: ['a folder of that name', 'remove it, or choose another name'],
  ENAMETOOLONG: ['a name that is too long', 'choose a shorter path'],
};

/**
 * Creates a folder if it is missing, and checks that files can be written in it.
 *
 * @throws FileError if they can't
 */
export async function checkWritable(folder: string): Promise<void> {
  await makeFolder(folder);
  // Always the same name, so that the next call removes what a killed process left.
  const probe = join(folder, '.writable.tmp');
  await writing(folder, async () => {
    const file = await openOutput(probe);
    await file.close();
    await rm(probe, { force: true });
  });
}
