import { FileError } from '@hearken/core';
import { type Job, type Queue, UnrecoverableError } from 'bullmq';
import type { ChildAnswer, RootPlan } from '../child/messages.js';
import { attempts, childJobs, describeId, keepEnded, manifestId, rootFailures, shortHash } from '../jobs/child-jobs.js';
import { failedWays } from '../jobs/failed-ways.js';
import { type JobData, scopeOf } from '../jobs/job-data.js';
import { jobPriority } from '../jobs/priorities.js';
import { modelQueue, workQueue } from '../queue/names.js';
import type { RootProgress, RootResult, RootStage } from '../status/campaign-record.js';
import type { HeldJob } from './held-jobs.node.js';

/** So many roots may wait for their jobs; the others wait for these, so that the queue stays small. */
const mostExpanded = 200;
/** How long a root waits before it looks again, in ms. */
const lookAgain = 1000;
/** A plan that asks for the same thing again and again leads nowhere. */
const sameAtMost = 5;
/** Jobs that are added in one call. */
const addedAtOnce = 500;

/** What advancing a root needs. */
export interface RootTools {
  readonly queue: (name: string) => Queue;
  /** Lets workers find the queue of the root's model, which has jobs now. */
  readonly nameModelQueue: () => Promise<void>;
  /** Finds out in a child process what a root needs next. */
  readonly plan: (data: JobData<'root'>) => Promise<ChildAnswer>;
  /** Milliseconds by which this machine's clock is ahead of the server's. */
  readonly clockAhead: number;
}

/**
 * Takes a root one step further: adds the jobs that it needs next and waits for them. What is finished is known from the
 * files alone, so it does not matter how often this is done.
 *
 * @returns what has become of it; undefined if it waits for other jobs
 * @throws UnrecoverableError or FileError if nothing can come of it
 */
export async function advanceRoot(
  { job, token }: HeldJob,
  data: JobData<'root'>,
  tools: RootTools,
): Promise<RootResult | undefined> {
  const failures = rootFailures(job.id!, await job.getIgnoredChildrenFailures());
  if (failures.embed !== undefined) {
    await job.removeUnprocessedChildren();
    throw new UnrecoverableError(failures.embed);
  }
  const later = async () => {
    await job.moveToDelayed(Date.now() + lookAgain - tools.clockAhead, token);
    return undefined;
  };
  if (data.state === undefined) {
    const expanded = await tools.queue(workQueue).getWaitingChildrenCount();
    if (expanded >= mostExpanded) return later();
  }
  if (!(await hasPrerequisites(job, data, tools))) return later();

  const plan = (await tools.plan({
    ...data,
    state: { failures: failures.ways, contentHash: data.state?.contentHash },
  })) as RootPlan;
  if (plan.step === 'end') {
    return { results: [...plan.results], failed: failedWays(data, failures.ways) };
  }
  await noteStep(job, data, plan);
  const jobs = childJobs({ id: job.id!, data }, plan);
  const inModelQueue = jobs.filter(({ name }) => name === 'embed');
  const others = jobs.filter(({ name }) => name !== 'embed');
  await addAll(tools.queue(queueOfModel(data)), inModelQueue);
  if (inModelQueue.length > 0) await tools.nameModelQueue();
  await addAll(tools.queue(workQueue), others);
  const stage = plan.step === 'embed' ? 'embed' : plan.trainings.length > 0 ? 'train' : 'score';
  await job.updateProgress(progressOf(data, stage, jobs.length));
  // They may all have ended already: then it is planned again at once.
  if (!(await job.moveToWaitingChildren(token))) return later();
  return undefined;
}

/** Remembers what was asked for, and notices if that was asked for before and did not happen. */
async function noteStep(job: Job, data: JobData<'root'>, plan: Exclude<RootPlan, { step: 'end' }>): Promise<void> {
  const { contentHash, step } = plan;
  const wanted = plan.step === 'embed' ? plan.missing : [plan.trainings, plan.scores];
  const asked = shortHash([contentHash, step, wanted]);
  const times = data.state?.asked === asked ? (data.state.times ?? 0) + 1 : 1;
  if (times > sameAtMost) {
    throw new FileError({
      asked: `the files of '${data.task}' with ${data.model.name}`,
      found: `none, although its jobs ended ${sameAtMost} times`,
      fix: 'give all workers the same --cache and --out, and see that nothing removes files from them',
    });
  }
  await job.updateData({ ...data, state: { failures: {}, contentHash, asked, times } } satisfies JobData<'root'>);
}

/**
 * Whether the model was described and the task's files were hashed, which is done once for all roots of a campaign that
 * need it; adds the jobs for it.
 */
async function hasPrerequisites(root: Job, data: JobData<'root'>, tools: RootTools): Promise<boolean> {
  const scope = scopeOf(data);
  const described = await prerequisite(tools.queue(queueOfModel(data)), 'describe', describeId(data), scope);
  if (described === undefined) {
    await tools.nameModelQueue();
    await root.updateProgress(progressOf(data, 'describe', 1));
    return false;
  }
  const { sampleRate } = described as { readonly sampleRate: number };
  const isHashed = await prerequisite(tools.queue(workQueue), 'manifest', manifestId(data, sampleRate), scope);
  if (isHashed === undefined) await root.updateProgress(progressOf(data, 'manifest', 1));
  return isHashed !== undefined;
}

/**
 * What a job that several roots wait for has answered; undefined if it has not ended. Adds it if it is not there.
 *
 * @throws UnrecoverableError if it has failed
 */
async function prerequisite(
  queue: Queue,
  kind: 'describe' | 'manifest',
  jobId: string,
  data: JobData<'describe'>,
): Promise<unknown> {
  const job = (await queue.getJob(jobId)) as Job | undefined;
  if (job !== undefined) {
    if (job.finishedOn === undefined) return undefined;
    // An attempt that failed leaves its reason, even if a later one succeeded.
    if (await job.isFailed()) throw new UnrecoverableError(job.failedReason);
    return job.returnvalue ?? {};
  }
  await queue.add(kind, data, { jobId, priority: jobPriority(kind, data), attempts, ...keepEnded });
  return undefined;
}

async function addAll(queue: Queue, jobs: ReturnType<typeof childJobs>): Promise<void> {
  for (let start = 0; start < jobs.length; start += addedAtOnce) {
    await queue.addBulk(jobs.slice(start, start + addedAtOnce));
  }
}

/** The queue of jobs that need the model of a root. */
export function queueOfModel({ model }: Pick<JobData<'root'>, 'model'>): string {
  return modelQueue(shortHash(model), model.provider === 'cuda' ? 'cuda' : 'cpu');
}

function progressOf({ campaign, model, taskId }: JobData<'root'>, stage: RootStage, total: number): RootProgress {
  return { campaign, model: model.name, task: taskId, stage, done: 0, total };
}
