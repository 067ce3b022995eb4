/**
 * Campaigns on many machines: a queue on Redis or Valkey gives out jobs, and workers compute them.
 *
 * @packageDocumentation
 */
export { cacheId } from './queue/cache-id.node.js';
export { openQueue, type OpenQueue, type OpenQueueOptions, type QueueAddress } from './queue/connect.node.js';
export { QueueError } from './queue/queue-error.js';
export { parseQueueUrl, type QueueLocation } from './queue/queue-url.js';
export {
  type QueuedCampaign,
  runOnQueue,
  type RunOnQueueOptions,
  type ToldProgress,
} from './commands/run-on-queue.node.js';
export { showBoard } from './commands/show-board.node.js';
export { cancelAndSay, type CommandStreams, showStatus } from './commands/show-status.node.js';
export { statusText } from './commands/status-text.js';
export { type CancelledCampaign, cancelCampaign } from './status/cancel-campaign.node.js';
export type { CampaignRecord, WorkerRecord } from './status/campaign-record.js';
export {
  followCampaign,
  type FollowOptions,
  type FollowProgress,
  type RootOutcome,
} from './status/follow-campaign.node.js';
export type { RootCounts, RootFailure, RootState } from './status/read-roots.node.js';
export {
  type CampaignFailure,
  type CampaignStatus,
  type ClusterStatus,
  type QueueStatus,
  readStatus,
} from './status/read-status.node.js';
export { submitCampaign, type Submitted, type SubmitOptions } from './submit/submit-campaign.node.js';
export { runWorker } from './worker/run-worker.node.js';
export type { WorkerOptions } from './worker/worker-options.js';
