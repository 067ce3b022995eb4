import { constants } from 'node:fs';
import { copyFile, lstat, open, stat, type FileHandle } from 'node:fs/promises';
import { FileError } from '../errors.js';
import { kindOf } from './plain-file.node.js';

/**
 * Makes sure that a file may be written at a path: that nothing is there, or a regular file. A link is refused too: the
 * caller should not overwrite its target, and replacing the link would lose it.
 *
 * @throws FileError otherwise
 */
export async function checkOutput(path: string): Promise<void> {
  const status = await lstat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return undefined;
    throw cause;
  });
  if (status === undefined || status.isFile()) return;
  const fix = status.isSymbolicLink()
    ? 'name the target of the link, or remove the link'
    : 'choose another name: only regular files are replaced';
  throw new FileError({ asked: `to write '${path}'`, found: `a ${kindOf(status)} of that name`, fix });
}

/**
 * Opens a regular file, never a link, for writing in place. Its content stays.
 *
 * @param kind `new`: it is created if it is missing; `existing`: it must exist
 * @throws FileError if anything else has that name; errors of the system
 */
export async function openOutput(path: string, kind: 'new' | 'existing' = 'new'): Promise<FileHandle> {
  await checkOutput(path);
  const { O_NOFOLLOW, O_NONBLOCK } = constants as Partial<typeof constants>;
  const create = kind === 'new' ? constants.O_CREAT : 0;
  const handle = await open(path, constants.O_RDWR | create | (O_NOFOLLOW ?? 0) | (O_NONBLOCK ?? 0));
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  const fix = 'choose another name: only regular files are replaced';
  throw new FileError({ asked: `to write '${path}'`, found: 'not a regular file', fix });
}

/**
 * Creates a file that must not exist yet, such as a temporary one, and opens it for writing. A link counts as existing.
 */
export function createOutput(path: string): Promise<FileHandle> {
  return open(path, 'wx');
}

/**
 * Copies a regular file, by sharing its blocks if the file system can.
 *
 * @throws FileError if either is not a regular file; errors of the system
 */
export async function copyPlainFile(from: string, to: string): Promise<void> {
  await checkOutput(to);
  const status = await stat(from);
  if (!status.isFile()) {
    throw new FileError({
      asked: `file '${from}'`,
      found: `not a regular file (a ${kindOf(status)})`,
      fix: 'pass a regular file',
    });
  }
  await copyFile(from, to, constants.COPYFILE_FICLONE);
}
