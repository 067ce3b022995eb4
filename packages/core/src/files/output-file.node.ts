import { constants } from 'node:fs';
import { copyFile, lstat, open, stat, type FileHandle } from 'node:fs/promises';
import { FileError } from '../errors.js';
import { kindOf } from './plain-file.node.js';

/**
 * Makes sure that a file may be written under a name: that there is nothing, or a regular file. A link is refused as well: what
 * it leads to is not the caller's to overwrite, and to replace the link would lose it.
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
    ? 'name the file that it leads to, or remove the link'
    : 'choose another name: only regular files are replaced';
  throw new FileError({ asked: `to write '${path}'`, found: `a ${kindOf(status)} of that name`, fix });
}

/**
 * Opens a file for writing in place: nothing but a regular file, and no link. What is in it stays.
 *
 * @param kind `new`: it is made where it is missing; `existing`: it must be there
 * @throws FileError for anything else of that name; what the system says
 */
export async function openOutput(path: string, kind: 'new' | 'existing' = 'new'): Promise<FileHandle> {
  await checkOutput(path);
  const { O_NOFOLLOW, O_NONBLOCK } = constants as Partial<typeof constants>;
  const create = kind === 'new' ? constants.O_CREAT : 0;
  const handle = await open(path, constants.O_RDWR | create | (O_NOFOLLOW ?? 0) | (O_NONBLOCK ?? 0));
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  const fix = 'choose another name: only regular files are replaced';
  throw new FileError({ asked: `to write '${path}'`, found: 'something not a file', fix });
}

/** Makes a file that must not be there yet, a temporary one for instance, and opens it for writing. A link counts as there. */
export function createOutput(path: string): Promise<FileHandle> {
  return open(path, 'wx');
}

/**
 * Copies a regular file, where the file system can by sharing its blocks.
 *
 * @throws FileError where either is anything else; what the system says
 */
export async function copyPlainFile(from: string, to: string): Promise<void> {
  await checkOutput(to);
  const status = await stat(from);
  if (!status.isFile()) {
    throw new FileError({
      asked: `file '${from}'`,
      found: `something not a file (a ${kindOf(status)})`,
      fix: 'pass a regular file',
    });
  }
  await copyFile(from, to, constants.COPYFILE_FICLONE);
}
