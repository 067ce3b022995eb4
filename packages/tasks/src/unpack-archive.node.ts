import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, rmdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { TaskError } from '@hearken/core';
import { fileSha256, openPlainFile } from '@hearken/core/node';
import { Unpack, type ReadEntry } from 'tar';
import { shown } from '@hearken/core/internal';

/** Limits for archives, far above HEAR's largest. */
export interface ArchiveLimits {
  /** Bytes of the unpacked files; default: 256 GiB, and never more than is free on the disk. */
  readonly maximumBytes?: number;
  /** Largest ratio of unpacked to packed size, for archives that unpack to over 1 GiB; default: 300. */
  readonly maximumRatio?: number;
  /** Number of files and folders; default: 2 million. */
  readonly maximumEntries?: number;
}

/**
 * Unpacks a `.tar.gz`, `.tgz` or `.tar` archive to `<cacheFolder>/<its SHA-256>`, or finds it there. The folder appears
 * only when it is complete: interrupted unpacking leaves nothing under this name.
 *
 * @returns the folder
 * @throws TaskError if the archive is damaged, has links or paths that lead outside, or exceeds the limits
 */
export async function unpackArchive(archive: string, cacheFolder: string, limits: ArchiveLimits = {}): Promise<string> {
  const folder = join(cacheFolder, await fileSha256(archive));
  if (await isFolder(folder)) return folder;
  await mkdir(cacheFolder, { recursive: true });
  const partial = join(cacheFolder, `.partial-${randomUUID()}`);
  try {
    await mkdir(partial);
    const disk = await statfs(cacheFolder);
    const free = disk.bavail * disk.bsize;
    await unpack(archive, partial, {
      maximumBytes: Math.min(limits.maximumBytes ?? 2 ** 38, free),
      maximumEntries: limits.maximumEntries ?? 2_000_000,
      maximumRatio: limits.maximumRatio ?? 300,
    });
    await rename(partial, folder);
  } catch (cause) {
    // Pending writes may still add files after unpacking failed: retry until they are done.
    await rm(partial, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    // Another process was faster and unpacked the same archive.
    if (['ENOTEMPTY', 'EEXIST'].includes((cause as NodeJS.ErrnoException).code ?? '') && (await isFolder(folder))) {
      return folder;
    }
    throw cause;
  }
  return folder;
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
}

/** How the file system sees a name: some treat names that differ only in case or in the encoding of accents as one. */
async function nameIdentity(folder: string): Promise<(path: string) => string> {
  const probe = join(folder, '.Case');
  await mkdir(probe);
  const isSensitive = !(await isFolder(join(folder, '.case')));
  await rmdir(probe);
  const plain = (path: string) => path.replace(/(^|\/)(\.\/)+/g, '$1').replace(/\/+/g, '/');
  return isSensitive ? plain : (path) => plain(path).normalize('NFC').toLowerCase();
}

async function unpack(archive: string, folder: string, limits: Required<ArchiveLimits>): Promise<void> {
  const nameOf = await nameIdentity(folder);
  const { handle, size } = await openPlainFile(archive);
  // The stream closes the file.
  const source = handle.createReadStream({ start: 0, end: Math.max(0, size - 1), highWaterMark: 2 ** 20 });
  try {
    await new Promise<void>((resolve, reject) => {
      const check = entryCheck(archive, size, limits, nameOf);
      let stopped = false;
      const target = new Unpack({
        cwd: folder,
        // What tar only warns about, such as a truncated archive, is an error here.
        strict: true,
        preserveOwner: false,
        noMtime: true,
        maxDepth: 32,
        filter: (path, entry) => {
          const offence = stopped ? undefined : check(path, entry as ReadEntry);
          if (offence === undefined) return !stopped;
          stopped = true;
          reject(offence);
          source.destroy();
          return false;
        },
      });
      target.on('error', (cause: Error) => {
        reject(damaged(archive, cause));
      });
      target.on('close', resolve);
      source.on('error', reject);
      source.pipe(target);
    });
  } finally {
    source.destroy();
  }
}

/** Small archives may have any ratio: silence compresses well. */
const freeRatioBytes = 2 ** 30;

function entryCheck(
  archive: string,
  archiveBytes: number,
  limits: Required<ArchiveLimits>,
  nameOf: (path: string) => string,
): (path: string, entry: ReadEntry) => TaskError | undefined {
  let bytes = 0;
  let entries = 0;
  const names = new Set<string>();
  const offence = (found: string, fix: string) => new TaskError({ asked: `archive '${archive}'`, found, fix });
  return (path, entry) => {
    bytes += entry.size;
    entries += 1;
    if (entries > limits.maximumEntries) {
      return offence(`over ${limits.maximumEntries} files`, 'check where it comes from');
    }
    if (bytes > freeRatioBytes && bytes > limits.maximumRatio * archiveBytes) {
      const found = `over ${limits.maximumRatio} times its ${archiveBytes} bytes unpacked`;
      return offence(found, 'check where the archive comes from: audio does not compress that much');
    }
    if (bytes > limits.maximumBytes) {
      return offence(
        `over ${limits.maximumBytes} bytes unpacked, more than is allowed or free on the disk`,
        'free disk space or choose another cache folder; otherwise check where the archive comes from',
      );
    }
    const directory = ['Directory', 'GNUDumpDir'].includes(entry.type);
    if (!directory && !['File', 'OldFile', 'ContiguousFile'].includes(entry.type)) {
      return offence(`'${path}', a ${entry.type}`, 'pack only regular files and folders');
    }
    if (/\p{Cc}/u.test(path)) {
      return offence(`${shown(path)}, a name with control characters`, 'pack it with plain names');
    }
    if (
      process.platform === 'win32' &&
      /[<>:"|?*]|(^|[/\\])(con|prn|aux|nul|com\d|lpt\d)(\.|[/\\]|$)|[. ]([/\\]|$)/i.test(path)
    ) {
      return offence(`'${path}', a name that is not allowed on Windows`, 'pack it with plain names');
    }
    if (/^([/\\]|[a-z]:)/i.test(path) || path.split(/[/\\]/).includes('..')) {
      return offence(`'${path}', a path that leads outside`, 'pack it with relative paths');
    }
    const name = nameOf(path);
    if (!directory && names.has(name)) {
      const same = 'twice in it, or two names that differ only in case on a file system that ignores case';
      return offence(`'${path}' ${same}`, 'pack each file once');
    }
    names.add(name);
    // The archive's permissions are ignored: data files can be read and written, folders entered.
    entry.mode = directory ? 0o755 : 0o644;
    return undefined;
  };
}

function damaged(archive: string, cause: Error): TaskError {
  const full = (cause as NodeJS.ErrnoException).code === 'ENOSPC';
  return new TaskError({
    asked: `archive '${archive}'`,
    found: full ? 'the disk is full' : `damaged or not a tar archive (${cause.message})`,
    fix: full ? 'free disk space or choose another cache folder' : 'download it again',
    cause,
  });
}
