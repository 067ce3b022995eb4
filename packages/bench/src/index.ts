/**
 * HEAR tasks, probes, metrics and results; the parts behind the `hearken` command.
 *
 * @packageDocumentation
 */
export {
  type ComparedResult,
  type CompareOptions,
  compareResults,
  type Comparison,
  type FailedComparison,
  type TaskComparison,
} from './compare/compare-results.node.js';
export { evaluateTask } from './evaluation/evaluate-task.node.js';
export type { EmbeddedSplit, StoredEmbeddings } from './embeddings/embedded-split.js';
export type {
  Evaluation,
  FoldResult,
  GridPointResult,
  ScoreSummary,
  SeedResult,
} from './evaluation/evaluation-record.js';
export type { EvaluationOptions, EvaluationProgress, Journal, JournalRecord } from './evaluation/evaluation.js';
export type { EvaluationInput } from './evaluation/evaluation-input.js';
export * from './extensions.js';
export type { ExtensionIdentity, ExtensionRecord } from './extensions/extension-records.js';
export type { ModuleSource } from './extensions/metric-extensions.js';
export type { ExtensionModule, Extensions } from './extensions/extensions.js';
export { loadExtensions } from './extensions/load-extensions.node.js';
export { publishedFiles } from './models/published-files.js';
export { type PullEvent, pullModel, type PullOptions, type PullOutcome } from './models/pull-model.node.js';
export { findPulledModel, type PulledFile, type PulledModel, type PulledRecord } from './models/pulled-record.node.js';
export {
  type AggregateScore,
  meanScores,
  type ModelScores,
  type RankedModel,
  type Ranking,
  reciprocalRanks,
} from './protocols/aggregate.js';
export {
  type CollectedScores,
  collectScores,
  type ResultAt,
  type ResultSelection,
} from './protocols/collect-scores.node.js';
export type { Aggregation, Protocol, ProtocolGroup, ProtocolTask } from './protocols/protocol.js';
export { protocolByName, protocols } from './protocols/registry.js';
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
export { findResultFiles } from './run/find-result-files.node.js';
export { harnessVersion } from './run/harness-version.js';
export type { EvaluationIdentity, ModelIdentity, RunIdentity } from './run/identity.node.js';
export type { Machine } from './run/machine.node.js';
export { createNodeRegistry, knownPlugins } from './plugins/plugins.node.js';
export { readResult } from './run/result-file.node.js';
export {
  type PredictionsFile,
  type Result,
  type ResultFold,
  resultSchemaVersion,
  type ResultScore,
  type TestSummary,
} from './run/result.js';
export { runBenchmark } from './run/run-benchmark.node.js';
export type { ListedEvent, TestClip, TestClips, TestClipsHead } from './run/test-clips.js';
export { prepareSubmission, type Submission, type SubmissionOptions } from './submit/prepare-submission.node.js';
export type { Problem } from './submit/problem.js';
export { type VerifiedResult, verifyResult } from './submit/verify-result.node.js';
export { makeMiniTasks, openTask, openTasks, type MiniTaskOptions, type OpenTaskOptions } from '@hearken/tasks/node';
export type { Task } from '@hearken/tasks';
