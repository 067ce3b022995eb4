import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { HearkenError } from '@hearken/core';
import { findTaskFolders, openTasks, type ReadTaskOptions } from '@hearken/tasks/node';
import { unpackArchive } from '@hearken/tasks/internal/node';
import type { Task } from '@hearken/tasks';

/** A task, or why there is none at this path. */
export type OpenedTask =
  | {
      /** The task. */
      readonly task: Task;
    }
  | {
      /** Where it was looked for. */
      readonly path: string;
      /** Why there is none. */
      readonly error: HearkenError;
    };

/**
 * Opens the tasks of folders and archives. A damaged task leaves those beside it usable; a task named twice comes once.
 *
 * @param cacheFolder where archives are unpacked
 * @param options whether clips may be missing
 */
export async function openEachTask(
  paths: readonly string[],
  cacheFolder: string,
  options: ReadTaskOptions = {},
): Promise<OpenedTask[]> {
  const opened = new Map<string, OpenedTask>();
  for (const path of paths) {
    for (const item of await openPath(path, { ...options, cacheFolder })) {
      opened.set(resolve('task' in item ? item.task.folder : item.path), item);
    }
  }
  return [...opened.values()];
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
    // One of several is damaged: opened one by one, the others still come.
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
