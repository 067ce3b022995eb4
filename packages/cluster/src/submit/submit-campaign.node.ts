import { stat } from 'node:fs/promises';
import { type Campaign, type CampaignJob, type CampaignModel, planCampaign } from '@hearken/campaigns';
import { settingsOf } from '@hearken/bench/jobs';
import { OptionError } from '@hearken/core';
import { harnessVersion } from '@hearken/results';
import { hashIdentity } from '@hearken/results/internal/node';
import type { Task } from '@hearken/tasks';
import type { Job, Queue } from 'bullmq';
import { attempts, describeId, keepEnded, manifestId, queueOfModel, rootId } from '../jobs/child-jobs.js';
import { type JobData, jobData, type JobScope } from '../jobs/job-data.js';
import { jobPriority } from '../jobs/priorities.js';
import type { OpenQueue } from '../queue/connect.node.js';
import { campaignsKey, cancelledKey, rootsKey, workQueue } from '../queue/names.js';
import { Queues } from '../queue/queues.node.js';
import type { CampaignRecord } from '../status/campaign-record.js';
import { FinishedRoots } from './finished-roots.node.js';
import { writeMates } from './write-mates.node.js';

/** How to submit a campaign. */
export interface SubmitOptions {
  /** Folder of the results, an absolute path that is the same for all workers. */
  readonly out: string;
  /** Root of the cache; default: the user's. */
  readonly cache?: string;
  /** What to call it; default: its id. */
  readonly name?: string;
  /** From 1, before all others, to 1000; default: 100. */
  readonly priority?: number;
  /** SHA-256 of checkpoints that are also in the store of the workers, by path. */
  readonly storedCheckpoints?: ReadonlyMap<string, string>;
  /** SHA-256 of the campaign's modules with custom metrics and probes. */
  readonly extensions?: readonly string[];
}

/** A campaign that was submitted. */
export interface Submitted {
  /** What the queue keeps of it. */
  readonly record: CampaignRecord;
  /** Number of jobs that were added: 0 if all of them are in the queue, or their results are there. */
  readonly added: number;
}

const defaultPriority = 100;
/** Jobs that are added, or keys that are written, in one call. */
const atOnce = 500;

/**
 * Puts a campaign into the queue: a job for each model on each task, which plans the others when a worker takes it. The
 * campaign's id follows from what it says, so submitting it again adds only what has failed, was cancelled, or has lost
 * its result.
 *
 * @param campaign its paths absolute, the checkpoints of its models found
 * @param tasks its tasks, opened
 * @throws OptionError for what workers cannot do
 */
export async function submitCampaign(
  open: OpenQueue,
  campaign: Campaign,
  tasks: readonly Task[],
  options: SubmitOptions,
): Promise<Submitted> {
  checkCampaign(campaign);
  const { redis } = open;
  const roots = await rootsOf(campaign, tasks, options);
  const [{ campaign: id }] = roots.length > 0 ? roots : [{ campaign: await campaignIdOf(campaign, tasks, options) }];
  const record: CampaignRecord = {
    id,
    name: options.name ?? id,
    submittedAt: new Date().toISOString(),
    priority: options.priority ?? defaultPriority,
    out: options.out,
    roots: roots.length,
    version: harnessVersion,
  };
  const queues = new Queues(redis);
  try {
    await redis.srem(cancelledKey, id);
    const ids = roots.map((_, index) => rootId(id, index));
    await redis.del(rootsKey(id));
    for (let start = 0; start < ids.length; start += atOnce) {
      await redis.rpush(rootsKey(id), ...ids.slice(start, start + atOnce));
    }
    await writeMates(redis, id, roots);
    await redis.hset(campaignsKey, id, JSON.stringify(record));
    const added = await addRoots(queues, roots, new FinishedRoots(tasks, options.cache));
    return { record, added };
  } finally {
    await queues.close();
  }
}

async function addRoots(queues: Queues, roots: readonly JobData<'root'>[], finished: FinishedRoots): Promise<number> {
  const queue = queues.queue(workQueue);
  const wanted: { name: string; data: JobData<'root'>; opts: { jobId: string } & Record<string, unknown> }[] = [];
  for (const [index, data] of roots.entries()) {
    const jobId = rootId(data.campaign, index);
    const job = await queue.getJob(jobId);
    if (job !== undefined) {
      if (job.finishedOn === undefined || (await finished.has(data, job.returnvalue))) continue;
      await job.remove();
    }
    wanted.push({ name: 'root', data, opts: { jobId, priority: jobPriority('root', data), attempts, ...keepEnded } });
  }
  await forgetPrerequisites(
    queues,
    wanted.map(({ data }) => data),
  );
  for (let start = 0; start < wanted.length; start += atOnce) {
    await queue.addBulk(wanted.slice(start, start + atOnce));
  }
  return wanted.length;
}

/**
 * Removes the ended jobs that described the models and hashed the tasks of some roots: what they wrote may have been
 * removed or changed, or they failed for a reason that is gone. What is right is found at once.
 */
async function forgetPrerequisites(queues: Queues, roots: readonly JobData<'root'>[]): Promise<void> {
  const removeEnded = async (queue: Queue, id: string) => {
    const job = (await queue.getJob(id)) as Job | undefined;
    if (job?.finishedOn !== undefined) await job.remove();
    return job;
  };
  const rates = new Map<string, unknown>();
  for (const root of roots) {
    const id = describeId(root);
    if (!rates.has(id)) {
      const job = await removeEnded(queues.queue(queueOfModel(root)), id);
      rates.set(id, (job?.returnvalue as { readonly sampleRate?: unknown } | null | undefined)?.sampleRate);
    }
    const rate = rates.get(id);
    if (typeof rate === 'number') await removeEnded(queues.queue(workQueue), manifestId(root, rate));
  }
}

/** @throws OptionError for what workers cannot do */
function checkCampaign({ models, skipUnreadable }: Campaign): void {
  const unserved = models.find(({ provider }) => provider === 'webgpu');
  if (unserved !== undefined) {
    throw new OptionError({
      asked: `model '${unserved.name}' with WebGPU from a queue`,
      found: 'workers for cpu and cuda',
      fix: 'choose one of these, or run it without a queue',
    });
  }
  if (skipUnreadable === true) {
    throw new OptionError({
      asked: 'to leave out unreadable clips in a campaign from a queue',
      found: 'jobs that each read only some of the clips',
      fix: 'run it without a queue, or repair the task',
    });
  }
}

/** A root for each model on each task. */
async function rootsOf(campaign: Campaign, tasks: readonly Task[], options: SubmitOptions): Promise<JobData<'root'>[]> {
  const id = await campaignIdOf(campaign, tasks, options);
  const folders = new Map(tasks.map((task) => [task.folder, task]));
  const jobs = planCampaign(
    campaign,
    // Two tasks may have the same id.
    [...folders.values()].map(({ folder, metadata, splits }) => ({ id: folder, metadata, splits })),
  );
  const groups = new Map<string, CampaignJob[]>();
  for (const job of jobs) {
    const key = JSON.stringify([job.model.name, job.task]);
    groups.set(key, [...(groups.get(key) ?? []), job]);
  }
  const { generalization } = campaign;
  return [...groups.values()].map((group) => {
    const [{ model, task }] = group;
    return jobData('root', {
      campaign: id,
      priority: options.priority ?? defaultPriority,
      model: inStore(model, options.storedCheckpoints),
      task,
      out: options.out,
      ...(generalization === undefined ? {} : { generalization }),
      extensions: options.extensions ?? [],
      taskId: folders.get(task)!.id,
      ways: group.map(({ evaluation, trainFraction }) => ({
        name: evaluation!.name,
        evaluation: settingsOf(evaluation!),
        ...(trainFraction === undefined ? {} : { trainFraction }),
      })),
    });
  });
}

function inStore(model: CampaignModel, stored: SubmitOptions['storedCheckpoints']): JobScope['model'] {
  const checkpointSha256 = model.checkpoint === undefined ? undefined : stored?.get(model.checkpoint);
  return { ...model, ...(checkpointSha256 === undefined ? {} : { checkpointSha256 }) };
}

/** The same campaign has the same id, unless a checkpoint has been replaced. */
async function campaignIdOf(
  { models, evaluations, trainFractions, generalization }: Campaign,
  tasks: readonly Task[],
  { out, extensions }: SubmitOptions,
): Promise<string> {
  const checkpoints = await Promise.all(
    models.map(async ({ checkpoint }) => {
      const status = checkpoint === undefined ? undefined : await stat(checkpoint).catch(() => undefined);
      return status === undefined ? null : [status.size, status.mtimeMs];
    }),
  );
  const folders = tasks.map(({ folder }) => folder);
  const said = { models, checkpoints, folders, evaluations, trainFractions, generalization, out, extensions };
  return hashIdentity(JSON.parse(JSON.stringify(said)) as unknown).slice(0, 12);
}
