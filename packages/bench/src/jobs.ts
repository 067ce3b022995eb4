/**
 * The pieces of work that a campaign is divided into, for programs that distribute them: `@hearken/cluster` does so with
 * a queue.
 *
 * @packageDocumentation
 */
export { openStore } from './run/store.node.js';
export { type ClipCost, type SizedShard, TaskWork, type TaskWorkOptions, type WorkWay } from './jobs/task-work.node.js';
export type { TrainingPart } from './evaluation/runner.js';
export { LoadedModel, type ModelFacts } from './run/loaded-model.node.js';
export { modelToLoad, runCampaign, type RunCampaignOptions, settingsOf } from './run/run-campaign.node.js';
