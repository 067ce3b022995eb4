import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { FileError, HearkenError } from '@hearken/core';
import { checkWritable, openPlainFile, readPlainText, writeFileAtomic } from '@hearken/core/node';
import type { HearFolder } from '@hearken/tasks';
import { parseSha256Line, type Checksum } from './checksum.node.js';
import { MissingFileError } from './download-errors.js';
import { downloadFile, type Downloaded, type DownloadOptions } from './download-file.node.js';
import { taskLocations, type LocationOptions, type TaskLocation } from './task-locations.js';

export interface GetTasksOptions
  extends LocationOptions, Pick<DownloadOptions, 'attempts' | 'retryDelay' | 'stallTimeout' | 'abortSignal'> {
  /** Folder of the archives. */
  readonly out: string;
  readonly onEvent?: (event: GetTasksEvent) => void;
}

export type GetTasksEvent =
  | { readonly kind: 'task'; readonly folder: HearFolder; readonly index: number; readonly total: number }
  | { readonly kind: 'progress'; readonly folder: HearFolder; readonly received: number; readonly total: number | null }
  | { readonly kind: 'retry'; readonly folder: HearFolder; readonly reason: string; readonly delay: number }
  | { readonly kind: 'outcome'; readonly outcome: GetOutcome };

/** How the download of one task ended. */
export type GetOutcome =
  | ({ readonly folder: HearFolder; readonly state: 'downloaded' } & Downloaded)
  | { readonly folder: HearFolder; readonly state: 'present'; readonly path: string }
  | { readonly folder: HearFolder; readonly state: 'failed'; readonly error: HearkenError };

/**
 * Downloads archives of HEAR's tasks, one after another. Archives that are already there are kept as they are, and a
 * failure does not affect the others. The SHA-256 of each archive is written next to it (`<archive>.sha256`, in the
 * format of `sha256sum`); if that file is already there, the archive must match it.
 *
 * @throws FileError if the folder cannot be written, OptionError for an unknown sample rate or an invalid mirror; the
 *   abort signal's reason
 */
export async function getTasks(folders: readonly HearFolder[], options: GetTasksOptions): Promise<GetOutcome[]> {
  const places = folders.map((folder) => ({ folder, locations: taskLocations(folder, options) }));
  await checkWritable(options.out);
  const outcomes: GetOutcome[] = [];
  for (const [index, { folder, locations }] of places.entries()) {
    options.onEvent?.({ kind: 'task', folder, index, total: places.length });
    const outcome = await getTask(folder, locations, options).catch((error: unknown): GetOutcome => {
      options.abortSignal?.throwIfAborted();
      if (!(error instanceof HearkenError)) throw error;
      return { folder, state: 'failed', error };
    });
    options.onEvent?.({ kind: 'outcome', outcome });
    outcomes.push(outcome);
  }
  return outcomes;
}

async function getTask(
  folder: HearFolder,
  locations: readonly TaskLocation[],
  options: GetTasksOptions,
): Promise<GetOutcome> {
  for (const { file } of locations) {
    const path = join(options.out, file);
    if (await isFile(path)) return { folder, state: 'present', path };
  }
  for (const [index, { url, file, checksum }] of locations.entries()) {
    const path = join(options.out, file);
    const { attempts, retryDelay, stallTimeout, abortSignal } = options;
    try {
      const downloaded = await downloadFile(url, path, {
        ...(attempts === undefined ? {} : { attempts }),
        ...(retryDelay === undefined ? {} : { retryDelay }),
        ...(stallTimeout === undefined ? {} : { stallTimeout }),
        abortSignal,
        checksum: (await recordedChecksum(path)) ?? checksum,
        check: (part) => checkGzip(part, url),
        onProgress: (progress) => options.onEvent?.({ kind: 'progress', folder, ...progress }),
        onRetry: (reason, delay) => options.onEvent?.({ kind: 'retry', folder, reason, delay }),
      });
      await writeFileAtomic(`${path}.sha256`, `${downloaded.sha256}  ${basename(path)}\n`);
      return { folder, state: 'downloaded', ...downloaded };
    } catch (error) {
      if (!(error instanceof MissingFileError) || index === locations.length - 1) throw error;
    }
  }
  throw new Error('a task has at least one location');
}

async function recordedChecksum(path: string): Promise<Checksum | undefined> {
  const text = await readPlainText(`${path}.sha256`, { maximumBytes: 2 ** 16 }).catch(() => '');
  return parseSha256Line(text);
}

/** Some servers answer with a login page and status 200. */
async function checkGzip(path: string, url: string): Promise<void> {
  const { handle: file } = await openPlainFile(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    if (bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b) return;
  } finally {
    await file.close();
  }
  throw new FileError({
    asked: `a .tar.gz archive from '${url}'`,
    found: 'something else, such as a web page or an empty file',
    fix: 'open the address in a browser to see what it is, or give another source with --mirror',
  });
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isFile(),
    () => false,
  );
}
