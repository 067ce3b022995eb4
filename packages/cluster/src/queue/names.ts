import { createHash } from 'node:crypto';

/** What every key of ours in Redis begins with, BullMQ's included: another program may use the same database. */
export const prefix = 'hearken';

/** The version of what jobs contain. Processes of another version neither read nor add jobs. */
export const jobFormat = 2;

/** The queue of jobs that need no model: the order of work, manifests, trainings and scores. */
export const workQueue = 'work';

/**
 * The queue of jobs that need a model: a worker that has loaded it stays with this queue.
 *
 * @param model what distinguishes the model from all others, of any length
 * @param provider where it is computed: a worker without a GPU leaves those for `cuda` alone
 */
export function modelQueue(model: string, provider: 'cpu' | 'cuda'): string {
  return `model-${createHash('sha256').update(model).digest('hex').slice(0, 16)}-${provider}`;
}

/** Hash of who uses the queue: the version of Hearken, the job format, and the cache that all share. */
export const aboutKey = `${prefix}:about`;
/** Hash of campaigns: by id, a `CampaignRecord` as JSON. */
export const campaignsKey = `${prefix}:campaigns`;
/** Set of the ids of cancelled campaigns. */
export const cancelledKey = `${prefix}:cancelled`;
/** Hash of the queues of models: by the queue's name, the model and provider as JSON. */
export const modelsKey = `${prefix}:models`;

/** Written when the queues of models without jobs were removed; it runs out when that may be done again. */
export const lastForgottenKey = `${prefix}:forgotten`;

/** List of the ids of a campaign's root jobs, in {@link workQueue}. */
export function rootsKey(campaign: string): string {
  return `${prefix}:roots:${campaign}`;
}

/** Hash of the tasks of a campaign: by folder, the roots with light models on it as JSON, see `Mate`. */
export function matesKey(campaign: string): string {
  return `${prefix}:mates:${campaign}`;
}

/** A worker's `WorkerRecord` as JSON, which runs out soon after the worker has ended. */
export function workerKey(worker: string): string {
  return `${prefix}:workers:${worker}`;
}

/** What the keys of workers match, for `SCAN`. */
export const workerKeys = workerKey('*');
