import { FileError } from '@hearken/core';
import { type Job, type Queue, UnrecoverableError } from 'bullmq';
import type { ChildAnswer, Mates, RootPlan } from '../child/messages.js';
import {
  attempts,
  childJobs,
  describeId,
  keepEnded,
  manifestId,
  queueOfModel,
  rootFailures,
  shortHash,
} from '../jobs/child-jobs.js';
import { failedWays } from '../jobs/failed-ways.js';
import { type JobData, scopeOf } from '../jobs/job-data.js';
import { jobPriority } from '../jobs/priorities.js';
import { workQueue } from '../queue/names.js';
import type { RootProgress, RootResult, RootStage } from '../status/campaign-record.js';
import type { HeldJob } from './held-jobs.node.js';
import { findMates, type MatesTools, summaryOf, wakeRoots } from './mates.node.js';

/** So many roots may wait for their jobs; the others wait for these, so that the queue stays small. */
const mostExpanded = 200;
/** How long a root waits before it looks again, in ms. */
const lookAgain = 1000;
/** A root that waits for another one's embeddings is woken when they are there, and looks after this long anyway, in ms. */
const wokenAtLatest = 5000;
/** A plan that asks for the same thing again and again leads nowhere. */
const sameAtMost = 5;
/** Jobs that are added in one call. */
const addedAtOnce = 500;

/** What advancing a root needs. */
export interface RootTools extends MatesTools {
  /** Finds out in a child process what a root needs next. */
  readonly plan: (data: JobData<'root'>, mates?: Mates) => Promise<ChildAnswer>;
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
  const later = async (milliseconds = lookAgain) => {
    await job.moveToDelayed(Date.now() + milliseconds - tools.clockAhead, token);
    return undefined;
  };
  if (data.state === undefined) {
    const expanded = await tools.queue(workQueue).getWaitingChildrenCount();
    if (expanded >= mostExpanded) return later();
  }
  const described = await prerequisites(job, data, tools);
  if (described === undefined) return later();
  const found = await findMates(data, summaryOf(described), tools);
  if (found === 'later') return later();

  const state = { failures: failures.ways, contentHash: data.state?.contentHash };
  const plan = (await tools.plan({ ...data, state }, found?.mates)) as RootPlan;
  if (plan.step === 'wait') {
    await job.updateProgress(progressOf(data, 'waiting', 0));
    return later(wokenAtLatest);
  }
  // Its jobs have computed the embeddings of others, too.
  if (plan.step !== 'embed') await wakeRoots(found?.roots ?? [], tools.queue(workQueue));
  if (plan.step === 'end') {
    return { results: [...plan.results], failed: failedWays(data, failures.ways) };
  }
  await noteStep(job, data, plan);
  const jobs = childJobs({ id: job.id!, data }, plan);
  const inModelQueue = jobs.filter(({ name }) => name === 'embed');
  const others = jobs.filter(({ name }) => name !== 'embed');
  await addAll(tools.queue(queueOfModel(data)), inModelQueue);
  if (inModelQueue.length > 0) await tools.nameModelQueue(data.model);
  await addAll(tools.queue(workQueue), others);
  const stage = plan.step === 'embed' ? 'embed' : plan.trainings.length > 0 ? 'train' : 'score';
  await job.updateProgress(progressOf(data, stage, jobs.length));
  // They may all have ended already: then it is planned again at once.
  if (!(await job.moveToWaitingChildren(token))) return later();
  return undefined;
}

/** Remembers what was asked for, and notices if that was asked for before and did not happen. */
async function noteStep(
  job: Job,
  data: JobData<'root'>,
  plan: Extract<RootPlan, { step: 'embed' | 'probe' }>,
): Promise<void> {
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
 * What the job that described the model has answered; undefined if the model was not described or the task's files were
 * not hashed, which is done once for all roots of a campaign that need it. Adds the jobs for it.
 */
async function prerequisites(root: Job, data: JobData<'root'>, tools: RootTools): Promise<unknown> {
  const scope = scopeOf(data);
  const described = await prerequisite(tools.queue(queueOfModel(data)), 'describe', describeId(data), scope);
  if (described === undefined) {
    await tools.nameModelQueue(data.model);
    await root.updateProgress(progressOf(data, 'describe', 1));
    return undefined;
  }
  const { sampleRate } = described as { readonly sampleRate: number };
  const isHashed = await prerequisite(tools.queue(workQueue), 'manifest', manifestId(data, sampleRate), scope);
  if (isHashed === undefined) await root.updateProgress(progressOf(data, 'manifest', 1));
  return isHashed === undefined ? undefined : described;
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

function progressOf({ campaign, model, taskId }: JobData<'root'>, stage: RootStage, total: number): RootProgress {
  return { campaign, model: model.name, task: taskId, stage, done: 0, total };
}
