/**
 * HEAR tasks, probes, metrics and results; the parts behind the `hearken` command.
 *
 * @packageDocumentation
 */
export { evaluateTask } from './evaluation/evaluate-task.node.js';
export type { EmbeddedSplit, StoredEmbeddings } from './embeddings/embedded-split.js';
export type { EvaluationOptions, EvaluationProgress, Journal, JournalRecord } from './evaluation/evaluation.js';
export type { EvaluationInput } from './evaluation/evaluation-input.js';
export * from './extensions.js';
export type { ExtensionModule, Extensions } from './extensions/extensions.js';
export { loadExtensions } from './extensions/load-extensions.node.js';
export { publishedFiles } from './models/published-files.js';
export { type PullEvent, pullModel, type PullOptions, type PullOutcome } from './models/pull-model.node.js';
export { findPulledModel, type PulledFile, type PulledModel, type PulledRecord } from './models/pulled-record.node.js';
export {
  type BenchmarkEvent,
  type BenchmarkOptions,
  defaultEvaluation,
  type Evaluate,
  type FailedTask,
  type FinishedTask,
  hasFailed,
  type TaskOutcome,
} from './run/benchmark.js';
export { type EmbeddedTask, type EmbedProgress, embedTask, type EmbedTaskOptions } from './run/embed-task.node.js';
export { createNodeRegistry, knownPlugins } from './plugins/plugins.node.js';
export { runBenchmark } from './run/run-benchmark.node.js';
export { makeMiniTasks, openTask, openTasks, type MiniTaskOptions, type OpenTaskOptions } from '@hearken/tasks/node';
export type { Task } from '@hearken/tasks';
export type { Result } from '@hearken/results';
