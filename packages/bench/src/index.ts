/**
 * Runs benchmarks of embedding models from code, like the `hearken` command. Metrics, tasks, results and reports are
 * separate packages; custom metrics and probes are written with `@hearken/bench/extensions`.
 *
 * @packageDocumentation
 */
export { evaluateTask } from './evaluation/evaluate-task.node.js';
export type { EvaluationOptions, EvaluationProgress } from './evaluation/evaluation.js';
export { defineMetric } from './extensions/define-metric.js';
export { defineProbe } from './extensions/define-probe.js';
export type { ExtensionModule, Extensions } from './extensions/extensions.js';
export { loadExtensions } from './extensions/load-extensions.node.js';
export { pullModel, type PullEvent, type PullOptions, type PullOutcome } from './models/pull-model.node.js';
export {
  defaultEvaluation,
  hasFailed,
  type BenchmarkEvent,
  type BenchmarkOptions,
  type FailedTask,
  type FinishedTask,
  type TaskOutcome,
} from './run/benchmark.js';
export type { EmbedProgress } from './run/embed-task.node.js';
export { createNodeRegistry } from './plugins/plugins.node.js';
export { runBenchmark } from './run/run-benchmark.node.js';
export type { Result } from '@hearken/results';
export { makeMiniTasks, openTask, openTasks, type MiniTaskOptions, type OpenTaskOptions } from '@hearken/tasks/node';
export type { Task } from '@hearken/tasks';
