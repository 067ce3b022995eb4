import type { BulkJobOptions } from 'bullmq';
import { createHash } from 'node:crypto';
import { modelQueue, prefix, workQueue } from '../queue/names.js';
import type { RootPlan } from '../child/messages.js';
import { type JobData, type JobKind, scopeOf } from './job-data.js';
import { jobPriority } from './priorities.js';

/** A job to add. */
export interface NewJob {
  readonly name: JobKind;
  readonly data: JobData;
  readonly opts: BulkJobOptions & { readonly jobId: string };
}

/** A job whose process dies is tried so often: the process may have died for another reason than the job. */
export const attempts = 3;
/** A week, in seconds. */
const week = 7 * 24 * 3600;

/** What ends stays known for a week, so that it is known that it has ended, and why. */
export const keepEnded = { removeOnComplete: { age: week }, removeOnFail: { age: week } } as const;

/**
 * The jobs of a root's plan. Their ids follow from what they do, so that a plan that is carried out twice adds them once.
 *
 * @param modelQueue the queue of jobs that need the root's model
 */
export function childJobs(
  root: { readonly id: string; readonly data: JobData<'root'> },
  plan: Extract<RootPlan, { readonly step: 'embed' | 'probe' }>,
): NewJob[] {
  const { data, id } = root;
  const { contentHash } = plan;
  const scope = scopeOf(data);
  const parent = { id, queue: `${prefix}:${workQueue}` };
  const options = (kind: JobKind, key: string) => ({
    jobId: `${id}.${kind}.${key}`,
    priority: jobPriority(kind, data),
    attempts,
    parent,
    // The root knows what became of them.
    removeOnComplete: true,
    removeOnFail: true,
  });
  if (plan.step === 'embed') {
    const together = plan.together.length === 0 ? {} : { together: [...plan.together] };
    return plan.jobs.map((shards) => ({
      name: 'embed',
      data: { ...scope, contentHash, shards, ...together },
      // Without these embeddings there is nothing more to do.
      opts: { ...options('embed', shortHash(shards)), continueParentOnFailure: true },
    }));
  }
  // Other ways of scoring go on.
  const own = { ignoreDependencyOnFailure: true };
  const trainings = plan.trainings.map(({ way, part }): NewJob => {
    const key = `${way}.${part.stage}-${part.index}`;
    return {
      name: 'train',
      data: { ...scope, contentHash, way: data.ways[way], part },
      opts: { ...options('train', key), ...own },
    };
  });
  const scores = plan.scores.map((way): NewJob => {
    return {
      name: 'score',
      data: { ...scope, contentHash, way: data.ways[way] },
      opts: { ...options('score', String(way)), ...own },
    };
  });
  return [...scores, ...trainings];
}

/**
 * Why children of a root failed: an embedding job, or ways of scoring by their index.
 *
 * @param failures reasons by the key of the job
 */
export function rootFailures(root: string, failures: Readonly<Record<string, string>>) {
  const ways: Record<string, string> = {};
  let embed: string | undefined;
  for (const [key, reason] of Object.entries(failures)) {
    const [kind, way] = key.slice(key.lastIndexOf(`${root}.`) + root.length + 1).split('.');
    if (kind === 'embed') embed ??= reason;
    else if (/^\d+$/.test(way)) ways[way] ??= reason.slice(0, 10_000);
  }
  return { embed, ways };
}

/** Id of a root job: a model on a task, by its place in the campaign. */
export function rootId(campaign: string, index: number): string {
  return `${campaign}.${index}`;
}

/** Id of the job that describes a root's model, which is done once for all roots of a campaign. */
export function describeId({ campaign, model }: Pick<JobData<'root'>, 'campaign' | 'model'>): string {
  return `${campaign}.describe.${shortHash(model)}`;
}

/** Id of the job that hashes a root's task at a sample rate in Hz, which is done once for all roots of a campaign. */
export function manifestId({ campaign, task }: Pick<JobData<'root'>, 'campaign' | 'task'>, sampleRate: number): string {
  return `${campaign}.manifest.${shortHash([task, sampleRate])}`;
}

/** The queue of jobs that need the model of a root. */
export function queueOfModel({ model }: Pick<JobData<'root'>, 'model'>): string {
  return modelQueue(shortHash(model), model.provider === 'cuda' ? 'cuda' : 'cpu');
}

/** A short name for what jobs have in common. */
export function shortHash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}
