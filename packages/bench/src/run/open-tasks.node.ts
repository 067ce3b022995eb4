import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { HearkenError } from '@hearken/core';
import { findTaskFolders, openTasks, type ReadTaskOptions } from '@hearken/tasks/node';
import { unpackArchive } from '@hearken/tasks/internal/node';
import type { Task } from '@hearken/tasks';
import { taskIdOfArchive } from '../download/task-locations.js';

/** A task, or the reason why there is none at this path. */
export type OpenedTask =
  | {
      /** The task. */
      readonly task: Task;
    }
  | {
      /** Its path. */
      readonly path: string;
      /** Why there is none. */
      readonly error: HearkenError;
    };

/** How to open tasks. */
export interface OpenEachOptions extends ReadTaskOptions {
  /**
   * Whether to open archives in folders as written by `hearken tasks get`, too; default: true. Archives of tasks that
   * are also there unpacked are skipped.
   */
  readonly archivesInside?: boolean;
}

/**
 * Opens the tasks in folders and archives. A damaged task does not affect the others; a task that is named twice is
 * opened once.
 *
 * @param cacheFolder where archives are unpacked
 * @param options whether clips may be missing, and whether archives in folders count
 */
export async function openEachTask(
  paths: readonly string[],
  cacheFolder: string,
  { archivesInside = true, ...options }: OpenEachOptions = {},
): Promise<OpenedTask[]> {
  const opened = new Map<string, OpenedTask>();
  for (const path of paths) {
    const archives = archivesInside ? await archivesIn(path) : new Map<string, string>();
    const items =
      archives.size > 0 && (await findTaskFolders(path)).length === 0
        ? []
        : await openPath(path, { ...options, cacheFolder });
    const ids = new Set(items.map(idOf));
    for (const [id, archive] of archives) {
      if (!ids.has(id)) items.push(...(await openPath(archive, { ...options, cacheFolder })));
    }
    for (const item of items) opened.set(resolve('task' in item ? item.task.folder : item.path), item);
  }
  return [...opened.values()];
}

/** A damaged task has no id: its folder's name is used. */
function idOf(item: OpenedTask): string {
  return 'task' in item ? item.task.id : basename(item.path);
}

/**
 * Archives of HEAR's tasks in a folder as written by `hearken tasks get`, by task id, sorted by name; none if it is not
 * a folder.
 */
export async function archivesIn(folder: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const names = await readdir(folder).catch(() => []);
  for (const name of names.sort()) {
    const id = taskIdOfArchive(name);
    if (id !== undefined && !found.has(id)) found.set(id, join(folder, name));
  }
  return found;
}

async function openPath(
  path: string,
  options: ReadTaskOptions & { readonly cacheFolder: string },
): Promise<OpenedTask[]> {
  try {
    return (await openTasks(path, options)).map((task) => ({ task }));
  } catch (error) {
    if (!(error instanceof HearkenError)) throw error;
    const folders = await foldersOf(path, options.cacheFolder);
    if (folders.length < 2) return [{ path, error }];
    const parts: OpenedTask[] = [];
    // If one of several is damaged, they are opened one by one, so that the others are not affected.
    for (const folder of folders) parts.push(...(await openPath(folder, options)));
    return parts;
  }
}

async function foldersOf(path: string, cacheFolder: string): Promise<string[]> {
  try {
    const isFile = (await stat(path)).isFile();
    return await findTaskFolders(isFile ? await unpackArchive(path, cacheFolder) : path);
  } catch {
    return [];
  }
}
