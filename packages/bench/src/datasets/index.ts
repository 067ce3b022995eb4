export type * from './dataset.js';
export { makeTasks, type MadeTask, type MakeTasksOptions } from './make-tasks.node.js';
export { datasetByName, datasets } from './registry.js';
