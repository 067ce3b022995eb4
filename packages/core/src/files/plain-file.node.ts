import { closeSync, constants, fstatSync, openSync, statSync, type Stats } from 'node:fs';
import { open, realpath, stat, type FileHandle } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { FileError } from '../errors.js';
import { isInsideFolder } from './inside-folder.node.js';

/** Why a path was not read. */
export interface UnreadableFile {
  /**
   * `missing`: nothing is there; `not-a-file`: a folder, device, pipe or socket; `outside`: a link out of its folder;
   * `too-large`: over the limit; `changed`: it became shorter while it was being read; `system`: an error of the
   * system.
   */
  readonly reason: 'missing' | 'not-a-file' | 'outside' | 'too-large' | 'changed' | 'system';
  /** With `not-a-file`: what it is. */
  readonly kind?: 'folder' | 'named pipe' | 'socket' | 'link' | 'device';
  /** What was found, for an error. */
  readonly found: string;
  /** How to fix it, for an error. */
  readonly fix: string;
  /** The error of the system, if there was one. */
  readonly cause?: unknown;
}

/** Where a file may be, and how it is refused. */
export interface PlainFileOptions {
  /**
   * The untrusted folder that the file belongs to, such as a task's or one of results: a link that leads out of it is
   * refused. Without it links are followed, because the user named the path.
   */
  readonly within?: string;
  /** The error to throw; default: a FileError that names the path. */
  readonly refuse?: (why: UnreadableFile) => Error;
}

/** A regular file, open for reading. */
export interface PlainFile {
  /** Open for reading; the caller that opened it closes it. */
  readonly handle: FileHandle;
  /** Its size in bytes when it was opened. */
  readonly size: number;
}

/**
 * Opening a named pipe must not wait for a writer, and a terminal must not become the controlling terminal. Windows
 * lacks both flags.
 */
const { O_NONBLOCK, O_NOCTTY } = constants as Partial<typeof constants>;
const readFlags = constants.O_RDONLY | (O_NONBLOCK ?? 0) | (O_NOCTTY ?? 0);

/**
 * Opens a regular file. Folders, devices, pipes and sockets are refused. The path is checked before it is opened,
 * because opening some devices has side effects, and again by its descriptor, because it may have been replaced in
 * between.
 *
 * @throws the error that `refuse` makes
 */
export async function openPlainFile(path: string, options: PlainFileOptions = {}): Promise<PlainFile> {
  const refuse = refusal(path, options);
  let handle: FileHandle | undefined;
  try {
    const before = notRegular(await stat(path));
    if (before !== undefined) throw new Refused(before);
    const real = options.within === undefined ? path : await pathWithin(path, options.within);
    handle = await open(real, readFlags);
    const status = await handle.stat();
    const after = notRegular(status);
    if (after !== undefined) throw new Refused(after);
    return { handle, size: status.size };
  } catch (cause) {
    await handle?.close();
    throw refuse(cause);
  }
}

/** The synchronous form of {@link openPlainFile}; the caller closes the descriptor. */
export function openPlainFileSync(path: string, options: Pick<PlainFileOptions, 'refuse'> = {}): number {
  const refuse = refusal(path, options);
  let descriptor: number | undefined;
  try {
    const before = notRegular(statSync(path));
    if (before !== undefined) throw new Refused(before);
    descriptor = openSync(path, readFlags);
    const after = notRegular(fstatSync(descriptor));
    if (after !== undefined) throw new Refused(after);
    return descriptor;
  } catch (cause) {
    if (descriptor !== undefined) closeSync(descriptor);
    throw refuse(cause);
  }
}

/** How much of a file may be read. */
export interface ReadPlainFileOptions extends PlainFileOptions {
  /** Larger files are refused before anything is read. */
  readonly maximumBytes: number;
}

/**
 * Reads a whole regular file, but never more bytes than it had when it was opened, even if it grows meanwhile.
 *
 * @throws the error that `refuse` makes for anything else, for a larger file and for one that becomes shorter meanwhile
 */
export async function readPlainFile(path: string, options: ReadPlainFileOptions): Promise<Buffer<ArrayBuffer>> {
  const { maximumBytes } = options;
  const refuse = refusal(path, options);
  const { handle, size } = await openPlainFile(path, options);
  try {
    if (size > maximumBytes) {
      const found = `${size} bytes, over the limit of ${maximumBytes}`;
      throw new Refused({ reason: 'too-large', found, fix: 'check that it is the right file' });
    }
    const bytes = Buffer.allocUnsafeSlow(size);
    for (let filled = 0; filled < size;) {
      const { bytesRead } = await handle.read(bytes, filled, Math.min(size - filled, pieceBytes), filled);
      if (bytesRead === 0) {
        const found = `a file that became shorter while it was being read, ${filled} of ${size} bytes`;
        throw new Refused({ reason: 'changed', found, fix: 'wait until it is completely written, and try again' });
      }
      filled += bytesRead;
    }
    return bytes;
  } catch (cause) {
    throw refuse(cause);
  } finally {
    await handle.close();
  }
}

/** Like {@link readPlainFile}, but decodes UTF-8 text. */
export async function readPlainText(path: string, options: ReadPlainFileOptions): Promise<string> {
  return (await readPlainFile(path, options)).toString('utf8');
}

/** The most bytes requested in one read: some systems refuse more than 2 GiB. */
const pieceBytes = 2 ** 28;

/** Why a path is refused, before it becomes the caller's error. */
class Refused extends Error {
  constructor(readonly why: UnreadableFile) {
    super(why.found);
  }
}

function refusal(path: string, { refuse }: Pick<PlainFileOptions, 'refuse'>): (cause: unknown) => unknown {
  const asError = refuse ?? (({ found, fix, cause }) => new FileError({ asked: `file '${path}'`, found, fix, cause }));
  return (cause) => {
    if (cause instanceof Refused) return asError(cause.why);
    const code = (cause as NodeJS.ErrnoException).code;
    // Anything else is already a caller's error, or a bug.
    const isSystemError = (cause as NodeJS.ErrnoException).syscall !== undefined || code === 'ERR_INVALID_ARG_VALUE';
    return code === undefined || !isSystemError ? cause : asError(systemRefusal(code, cause as Error));
  };
}

function systemRefusal(code: string, cause: Error): UnreadableFile {
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return { reason: 'missing', found: 'no such file', fix: 'check the path', cause };
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return { reason: 'system', found: 'no permission to read it', fix: 'change its permissions', cause };
  }
  if (code === 'ELOOP') return { reason: 'system', found: 'links that lead in a circle', fix: 'check the path', cause };
  // A path with a NUL: nothing can have that name.
  if (code === 'ERR_INVALID_ARG_VALUE') {
    return { reason: 'missing', found: 'a name with a NUL character', fix: 'check the path', cause };
  }
  return { reason: 'system', found: cause.message, fix: 'check that it can be read', cause };
}

function notRegular(status: Stats): UnreadableFile | undefined {
  if (status.isFile()) return undefined;
  const kind = kindOf(status);
  return { reason: 'not-a-file', kind, found: `not a regular file (a ${kind})`, fix: 'pass a regular file' };
}

/** What a path leads to, if not a regular file. */
export function kindOf(status: Stats): NonNullable<UnreadableFile['kind']> {
  if (status.isDirectory()) return 'folder';
  if (status.isFIFO()) return 'named pipe';
  if (status.isSocket()) return 'socket';
  return status.isSymbolicLink() ? 'link' : 'device';
}

/** The path with links resolved, if it is inside the folder. */
async function pathWithin(path: string, folder: string): Promise<string> {
  const [real, root] = await Promise.all([realpath(path), realpath(folder)]);
  const below = relative(root, real);
  if (below === '' || !isInsideFolder(root, real)) {
    const found = `a link that leads out of '${folder}'`;
    throw new Refused({ reason: 'outside', found, fix: 'put the file itself in the folder' });
  }
  return resolve(root, below);
}
