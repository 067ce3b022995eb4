/**
 * Results: the format of result files, names of models, protocols, and the scores of several models in one table. Also runs in
 * browsers; files are read, compared and verified by `@hearken/results/node`.
 *
 * @packageDocumentation
 */
export type { TestClip, TestClips, TestClipsHead } from './answers/test-clips.js';
export type { EventEntry, ListedEvent } from './kinds/event.js';
export type { RegressionEntry } from './kinds/regression.js';
export type { ClipEntry } from './kinds/registry.js';
export type { SceneEntry } from './kinds/scene.js';
export type { SharedByClips } from './kinds/stored-kind.js';
export type { ExtensionIdentity } from './extensions/extension-records.js';
export { type ReadResult, parseResult } from './format/read-result.js';
export type { ResultProblem } from './format/result-problem.js';
export type {
  ExtensionRecord,
  Machine,
  PredictionsFile,
  Result,
  ResultFold,
  ResultScore,
  ResultSeed,
} from './format/result.js';
export { resultSchemaVersion } from './format/result-schema.js';
export type { ModuleSource } from './extensions/metric-extensions.js';
export { type CheckpointRecord, type NamedModel, modelName } from './models/model-name.js';
export {
  type AggregateScore,
  type ModelScores,
  type RankedModel,
  type Ranking,
  meanScores,
  reciprocalRanks,
} from './protocols/aggregate.js';
export type { Aggregation, Protocol, ProtocolGroup, ProtocolTask } from './protocols/protocol.js';
export { protocolByName, protocols } from './protocols/registry.js';
export type { ProbeConfiguration } from './result/configuration.js';
export type { Evaluation, FoldResult, GridPointResult, ScoreSummary, SeedResult } from './result/evaluation-record.js';
export type { GridName } from './result/grid-names.js';
export type { FinetuneSettings } from './result/finetune-settings.js';
export type { HeadLabel, HeadSettings } from './result/head-settings.js';
export { harnessVersion } from './result/harness-version.js';
export type { TestSummary } from './result/result.js';
export type { Problem } from './submit/problem.js';
export type { EvaluationIdentity, ModelIdentity, RunIdentity } from './result/identity.js';
