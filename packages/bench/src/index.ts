/**
 * HEAR tasks, probes, metrics and results; the parts behind the `hearken` command.
 *
 * @packageDocumentation
 */
export * from './audio/index.js';
export * from './compare/index.js';
export * from './ecg/index.js';
export * from './evaluation/evaluate-task.node.js';
export * from './evaluation/evaluation.js';
export * from './files/npy.js';
export * from './files/random.js';
export * from './metrics/index.js';
export * from './models/index.js';
export * from './probes/configuration.js';
export * from './protocols/index.js';
export * from './run/index.js';
export * from './statistics/index.js';
export * from './submit/index.js';
export * from './subsets/index.js';
export * from './tasks/index.js';
export * from './tasks/task.js';
