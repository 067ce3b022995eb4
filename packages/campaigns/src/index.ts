/**
 * Campaigns: several models on several tasks, as a file says. Reads the file, names its models, and plans the work;
 * `@hearken/bench` runs it.
 *
 * @packageDocumentation
 */
export type {
  Campaign,
  CampaignEvaluation,
  CampaignGeneralization,
  CampaignHead,
  CampaignModel,
  Provider,
} from './campaign.js';
export { completeEvaluation, type Contradiction, type WrittenEvaluation } from './evaluation-names.js';
export { nameModels, type NameTaken, type UnnamedModel } from './model-names.js';
export {
  type EstimateInput,
  estimateJobs,
  type JobEstimate,
  type ModelEstimate,
  type TaskEstimate,
} from './estimate.js';
export { modelValues, namedValue, type NamedValue } from './model-values.js';
export { parseCampaign } from './parse-campaign.js';
export { type CampaignJob, displayName, planCampaign, type PlannedTask, scores } from './plan.js';
export { CampaignProgress, type JobCounts, type JobSeconds, type JobState } from './progress.js';
