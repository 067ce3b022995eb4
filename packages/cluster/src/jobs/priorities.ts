import type { JobKind } from './job-data.js';

/**
 * Which jobs of a campaign come first. A root comes before everything else, as others wait for what it plans; results come
 * before trainings and trainings before embeddings, so that what was begun ends first.
 */
const ranks: Readonly<Record<JobKind, number>> = { describe: 1, manifest: 1, score: 2, root: 3, train: 4, embed: 5 };

/** Priorities per priority of a campaign. */
const perCampaign = 10;

/** BullMQ's priority of a job: a lower number comes first. A campaign's priority counts before the kind of job. */
export function jobPriority(kind: JobKind, { priority }: { readonly priority: number }): number {
  return priority * perCampaign + ranks[kind];
}

/** The campaign's priority of a job with this priority of BullMQ's. */
export function campaignPriority(priority: number): number {
  return Math.floor(priority / perCampaign);
}
