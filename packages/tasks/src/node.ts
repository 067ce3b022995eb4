/**
 * Task folders and archives on Node.js: opens and checks them, reads their clips, and makes them from published
 * datasets. Also has all of `@hearken/tasks`.
 *
 * @packageDocumentation
 */
export * from './index.js';
export { chooseSampleRate, readClip, type ReadClipOptions } from './clips.node.js';
export { taskContentHash } from './content-hash.node.js';
export type { Dataset } from './datasets/dataset.js';
export { makeTasks, type MadeTask, type MakeTasksOptions } from './datasets/make-tasks.node.js';
export { datasetByName, datasets } from './datasets/registry.js';
export { findTaskFolders } from './find-task-folders.node.js';
export { makeMiniTasks, type MiniTaskOptions } from './mini/make-mini-tasks.node.js';
export { openTask, openTasks, type OpenTaskOptions } from './open-task.node.js';
export { readTaskFolder, type ReadTaskOptions } from './read-task-folder.node.js';
export type { ArchiveLimits } from './unpack-archive.node.js';
