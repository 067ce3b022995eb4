import { readdir, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { TaskError } from '@hearken/core';
import { findTaskFolders } from './find-task-folders.node.js';
import { readTaskFolder, type ReadTaskOptions } from './read-task-folder.node.js';
import type { Task } from './task.js';
import { shown } from '@hearken/core/internal';
import { cacheFolders } from '@hearken/core/node';
import { unpackArchive, type ArchiveLimits } from './unpack-archive.node.js';

const archiveName = /\.(tar|tar\.gz|tgz)$/i;
/** Archives that an error names. */
const namedArchives = 3;

export interface OpenTaskOptions extends ArchiveLimits, ReadTaskOptions {
  /**
   * Where archives are unpacked; default: `tasks` in the user's cache folder, see `userCacheFolder` of
   * `@hearken/core/node`.
   */
  readonly cacheFolder?: string;
}

/**
 * Opens the one task in a folder or archive.
 *
 * @param path a HEAR task folder, a folder above it, or a `.tar.gz`, `.tgz` or `.tar` archive as HEAR publishes them
 * @throws TaskError if there is no task or more than one, or it is incomplete or inconsistent
 */
export async function openTask(path: string, options: OpenTaskOptions = {}): Promise<Task> {
  const tasks = await openTasks(path, options);
  if (tasks.length > 1) {
    throw new TaskError({
      asked: `one task in '${path}'`,
      found: `${tasks.length}: ${tasks.map((task) => task.id).join(', ')}`,
      fix: 'pass the folder of one of them',
    });
  }
  return tasks[0];
}

/**
 * Opens every task in a folder or archive, sorted by folder. An archive is unpacked once, to a folder named after its
 * SHA-256.
 *
 * @throws TaskError if there is none, or one is incomplete or inconsistent
 */
export async function openTasks(path: string, options: OpenTaskOptions = {}): Promise<Task[]> {
  const status = await stat(path).catch((cause: unknown) => {
    throw new TaskError({ asked: `task '${path}'`, found: 'no such file or folder', fix: 'check the path', cause });
  });
  const unpacked = status.isFile();
  if (unpacked && !archiveName.test(basename(path))) {
    throw new TaskError({
      asked: `task '${path}'`,
      found: 'a file whose name does not end in .tar.gz, .tgz or .tar',
      fix: 'pass a task folder or a HEAR archive',
    });
  }
  const root = unpacked ? await unpackArchive(path, options.cacheFolder ?? cacheFolders().tasks, options) : path;
  const folders = await findTaskFolders(root);
  if (folders.length === 0) {
    const archives = (await readdir(root)).filter((name) => archiveName.test(name)).sort();
    throw new TaskError({
      asked: `task '${path}'`,
      found: `no task_metadata.json in it${unpacked ? ` (unpacked to '${root}')` : ''}${archivesText(archives)}`,
      fix: archives.length > 0 ? 'pass the archives that have the tasks' : 'pass a HEAR task folder or archive',
    });
  }
  const tasks: Task[] = [];
  for (const folder of folders) tasks.push(await readTaskFolder(folder, options));
  return tasks;
}

function archivesText(archives: readonly string[]): string {
  if (archives.length === 0) return '';
  const names = archives.slice(0, namedArchives).map(shown).join(', ');
  const more = archives.length - namedArchives;
  return `, but ${archives.length} archive${archives.length === 1 ? '' : 's'}: ${names}${more > 0 ? ` and ${more} more` : ''}`;
}
