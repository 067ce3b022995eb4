/**
 * Tasks in HEAR's format: types, parsers for their files, and the catalogue of HEAR's tasks. Also runs in browsers;
 * `@hearken/tasks/node` reads folders and archives.
 *
 * @packageDocumentation
 */
export { parseClips } from './clip-labels.js';
export {
  foldersByName,
  hearTaskOf,
  hearTasks,
  type HearCategory,
  type HearFolder,
  type HearTask,
  type HearTitle,
} from './hear-benchmark/hear-tasks.js';
export { parseMetadata } from './metadata.js';
export { miniTasks } from './mini/index.js';
export type { MiniClip, MiniTask } from './mini/mini-task.js';
export { dataSplits } from './splits.js';
export type { GeneralizationRequest } from './subsets/generalization.js';
export type { Clip, DataSplit, Grouping, PredictionType, Task, TaskMetadata } from './task.js';
export { parseVocabulary } from './vocabulary.js';
