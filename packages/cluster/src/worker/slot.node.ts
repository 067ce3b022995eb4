import { HearkenError, isHearkenError } from '@hearken/core';
import { lineOf } from '@hearken/core/internal';
import { type Job, UnrecoverableError } from 'bullmq';
import type { JobRunner } from '../child/child-process.node.js';
import type { AnyJob, JobProgress } from '../child/messages.js';
import { queueOfModel } from '../jobs/child-jobs.js';
import { failureText, processEnded } from '../jobs/failure-text.js';
import { type JobData, jobData, type JobKind, jobKinds, JobRefused, type JobScope } from '../jobs/job-data.js';
import { type ModelOfQueue, nameModelQueue } from '../queue/model-queues.node.js';
import { workQueue } from '../queue/names.js';
import { advanceRoot } from './advance-root.node.js';
import type { HeldJob } from './held-jobs.node.js';
import { pause } from './pause.node.js';
import { settleFailure } from './settle-failure.node.js';
import { CampaignCancelled, NotAllowed } from './slot-errors.js';
import { plainProgress, sayOf, type SlotTools, type SlotWork } from './slot-tools.js';
import { completeJob, type Taken, takeJob } from './take-jobs.node.js';

/** A slot that finds nothing to do looks again after this long, in ms, and then after longer and longer. */
const shortestIdle = 100;
const longestIdle = 1000;
/** Progress is written to the queue no more often than this, in ms. */
const progressEvery = 2000;

/** A place of a worker where one job is done at a time, in a process of its own. */
export class Slot {
  /** What it does; undefined while it waits. */
  work: SlotWork | undefined;
  /** Whether it found nothing to do when it looked the last time. */
  isIdle = false;
  /** The queue whose model it has loaded. */
  #loaded: string | undefined;
  #idleFor = shortestIdle;

  constructor(
    readonly runner: JobRunner,
    private readonly tools: SlotTools,
  ) {}

  /** Takes jobs until the worker ends. */
  async run(): Promise<void> {
    const { abortSignal, states, mayTake } = this.tools;
    while (!abortSignal.aborted) {
      await mayTake();
      // Without a connection to the server nothing can be taken; it is tried again.
      const taken = await takeJob(this.tools, this.#loaded).catch((error: unknown) => {
        this.tools.onRefused(error);
      });
      if (taken === undefined) {
        this.isIdle = true;
        states.forget();
        await pause(this.#idleFor, abortSignal);
        this.#idleFor = Math.min(longestIdle, 2 * this.#idleFor);
        continue;
      }
      this.isIdle = false;
      this.#idleFor = shortestIdle;
      for (let next: Taken | undefined = taken; next !== undefined;) next = await this.#do(next);
    }
    await this.runner.stop();
  }

  /** @returns the next job, if it was taken in the same step */
  async #do({ queue, job, token }: Taken): Promise<Taken | undefined> {
    const { held } = this.tools;
    const mine: HeldJob = { job, token, controller: new AbortController() };
    held.add(mine);
    try {
      let value: unknown;
      try {
        value = await this.#result(queue, mine);
      } catch (error) {
        await settleFailure(this.tools, mine, error, this.#advanced());
        return undefined;
      }
      // A root that waits for other jobs has been put there already.
      return value === undefined
        ? undefined
        : await completeJob(this.tools, mine, { value, queue, loaded: this.#loaded });
    } catch (error) {
      // Only its files count: whoever has the job now, or gets it next, finds them.
      sayOf(this.tools, job, (error as Error).message);
      return undefined;
    } finally {
      held.remove(mine);
      this.work = undefined;
    }
  }

  async #result(queue: string, mine: HeldJob): Promise<unknown> {
    const { job, controller } = mine;
    // Too often the worker that had it was lost.
    if (job.deferredFailure) throw new UnrecoverableError(failureText(new HearkenError(workerLost)));
    const kind = jobKinds.find((one) => one === job.name);
    if (kind === undefined)
      throw new JobRefused('a job of a campaign', `one of the unknown kind '${lineOf(job.name, 50)}'`);
    const data = jobData(kind, job.data);
    await this.#check(kind, data).catch((error: unknown) => {
      throw isHearkenError(error) ? new NotAllowed(error) : error;
    });
    if (await this.tools.isCancelled(data.campaign)) throw new CampaignCancelled('cancelled');
    this.work = { kind, scope: data, since: new Date(), foundBefore: foundIn(job.progress) };
    if (queue !== workQueue) this.#loaded = queue;
    const run = (childJob: AnyJob) => this.#runInChild(childJob, job, controller.signal);
    const isRetry = job.attemptsMade > 0;
    if (kind !== 'root') return run({ kind, data, isRetry } as AnyJob);
    return advanceRoot(mine, data as JobData<'root'>, {
      queue: this.tools.queue,
      redis: this.tools.states.redis,
      nameModelQueue: (model) => nameModelQueue(this.tools.states.redis, queueOfModel({ model }), ofQueue(model)),
      plan: (planned, mates) => run({ kind: 'root', data: planned, isRetry, mates }),
      clockAhead: this.tools.clockAhead(),
    });
  }

  /** Whether the worker does a job, with all the models that it names. */
  async #check(kind: JobKind, data: JobData): Promise<void> {
    await this.tools.check(data);
    const { together = [] } = kind === 'embed' ? (data as JobData<'embed'>) : {};
    for (const model of together) await this.tools.check({ ...data, model });
  }

  async #runInChild(childJob: AnyJob, job: Job, abortSignal: AbortSignal) {
    let toldAt = Number.NEGATIVE_INFINITY;
    return this.runner.run(childJob, {
      abortSignal,
      onProgress: (progress) => {
        if (this.work !== undefined) this.work.progress = progress;
        if (performance.now() - toldAt < progressEvery) return;
        toldAt = performance.now();
        job.updateProgress(plainProgress(progress)).catch(() => undefined);
      },
    });
  }

  /** How far the job is, if the attempt before this one has finished some of it. */
  #advanced(): JobProgress | undefined {
    const { progress, foundBefore = 0 } = this.work ?? {};
    return (progress?.found ?? 0) > foundBefore ? progress : undefined;
  }
}

const workerLost = {
  asked: 'a job',
  found: 'the workers that had it were lost, again and again',
  fix: 'check the memory and the network of their machines, and give the queue the campaign again',
  reason: processEnded,
};

function ofQueue({ name, provider }: JobScope['model']): ModelOfQueue {
  return { model: name, provider: provider === 'cuda' ? 'cuda' : 'cpu' };
}

/** How many clips were done before an attempt, as it said itself. */
function foundIn(progress: unknown): number {
  const { found } = (typeof progress === 'object' && progress !== null ? progress : {}) as { readonly found?: unknown };
  return typeof found === 'number' ? found : 0;
}
