import { randomUUID } from 'node:crypto';
import { HearkenError, isHearkenError } from '@hearken/core';
import { lineOf } from '@hearken/core/internal';
import { Job, type JobJson, type Queue, UnrecoverableError, type Worker } from 'bullmq';
import { ChildDied, type JobRunner } from '../child/child-process.node.js';
import type { AnyJob, JobProgress } from '../child/messages.js';
import { failureOf, failureText, processEnded } from '../jobs/failure-text.js';
import { type JobData, jobData, type JobKind, jobKinds, JobRefused, type JobScope } from '../jobs/job-data.js';
import { workQueue } from '../queue/names.js';
import { advanceRoot } from './advance-root.node.js';
import { chooseQueue } from './choose-queue.js';
import { type HeldJob, type HeldJobs, JobLost } from './held-jobs.node.js';
import { pause } from './pause.node.js';
import type { QueueStates } from './queue-states.node.js';

/** A slot that finds nothing to do looks again after this long, in ms, and then after longer and longer. */
const shortestIdle = 100;
const longestIdle = 1000;
/** Progress is written to the queue no more often than this, in ms. */
const progressEvery = 2000;

/** Nothing that is said of a job is longer. */
const mostNameCharacters = 100;
const mostCharacters = 2000;
const mostStackCharacters = 10_000;

/** Why a job is stopped: the worker ends, or has no place for what it would write. */
export class SlotStopped extends Error {
  override name = 'SlotStopped';
}
/** This worker was not started with what a job needs; another one may have been. */
export class NotAllowed extends HearkenError {
  override name = 'NotAllowed';
}
/** The campaign of a job was cancelled. */
export class CampaignCancelled extends Error {
  override name = 'CampaignCancelled';
}

/** What all slots of a worker share. */
export interface SlotTools {
  readonly states: QueueStates;
  readonly held: HeldJobs;
  readonly queue: (name: string) => Queue;
  readonly worker: (name: string) => Worker;
  /** @throws HearkenError for a job that the worker does not do */
  readonly check: (scope: JobScope) => Promise<void>;
  /** Whether a campaign is cancelled now: it may have been submitted again a moment ago. */
  readonly isCancelled: (campaign: string) => Promise<boolean>;
  readonly clockAhead: () => number;
  /** How long a slot takes no job after one that the worker was not started for, in ms. */
  readonly refusedMilliseconds: number;
  /** The disk is full: no slot takes jobs until there is room. */
  readonly onFullDisk: (error: Error) => void;
  /** No job could be taken. */
  readonly onRefused: (error: unknown) => void;
  /** Whether no jobs may be taken. */
  readonly isPaused: () => boolean;
  /** Resolves when jobs may be taken. */
  readonly mayTake: () => Promise<void>;
  readonly say: (line: string) => void;
  readonly abortSignal: AbortSignal;
}

/** What a slot does at the moment. */
export interface SlotWork {
  readonly kind: JobKind;
  readonly scope: JobScope;
  readonly since: Date;
  /** How many clips the attempt before this one found. */
  readonly foundBefore: number;
  progress?: JobProgress;
}

/** A job that was taken from a queue. */
interface Taken {
  readonly queue: string;
  readonly job: Job;
  readonly token: string;
}

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
      const taken = await this.#take().catch((error: unknown) => {
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

  async #take(): Promise<Taken | undefined> {
    const { states, worker, abortSignal } = this.tools;
    const queue = chooseQueue(await states.get(), this.#loaded, states.provider === 'cuda');
    if (queue === undefined || abortSignal.aborted) return undefined;
    const token = randomUUID();
    const job = (await worker(queue).getNextJob(token, { block: false })) as Job | undefined;
    return job === undefined ? undefined : { queue, job, token };
  }

  /** @returns the next job, if it was taken in the same step */
  async #do({ queue, job, token }: Taken): Promise<Taken | undefined> {
    const { held, abortSignal } = this.tools;
    const mine: HeldJob = { job, token, controller: new AbortController() };
    const onAbort = () => {
      mine.controller.abort(new SlotStopped());
    };
    abortSignal.addEventListener('abort', onAbort);
    if (abortSignal.aborted) onAbort();
    held.add(mine);
    try {
      let value: unknown;
      try {
        value = await this.#result(queue, mine);
      } catch (error) {
        await this.#fail(mine, error);
        return undefined;
      }
      // A root that waits for other jobs has been put there already.
      return value === undefined ? undefined : await this.#complete(mine, value, queue);
    } catch (error) {
      // Only its files count: whoever has the job now, or gets it next, finds them.
      this.#say(job, (error as Error).message);
      return undefined;
    } finally {
      held.remove(mine);
      abortSignal.removeEventListener('abort', onAbort);
      this.work = undefined;
    }
  }

  /** Says that a job is done, and takes the next one of its queue if that is where the slot would look anyway. */
  async #complete({ job, token }: HeldJob, value: unknown, queue: string): Promise<Taken | undefined> {
    const { states, worker, abortSignal } = this.tools;
    const chosen = chooseQueue(await states.get().catch(() => []), this.#loaded, states.provider === 'cuda');
    const stays = chosen === queue && !abortSignal.aborted && !this.tools.isPaused();
    const answer = await job.moveToCompleted(value, token, stays);
    const [data, id] = (answer ?? []) as [JobJson | undefined, string | undefined];
    if (!stays || !data) return undefined;
    const next = Job.fromJSON(worker(queue), data, id);
    next.token = token;
    return { queue, job: next, token };
  }

  async #result(queue: string, mine: HeldJob): Promise<unknown> {
    const { job, controller } = mine;
    // Too often the worker that had it was lost.
    if (job.deferredFailure) throw new UnrecoverableError(failureText(new HearkenError(workerLost)));
    const kind = jobKinds.find((one) => one === job.name);
    if (kind === undefined)
      throw new JobRefused('a job of a campaign', `one of the unknown kind '${lineOf(job.name, 50)}'`);
    const data = jobData(kind, job.data);
    await this.tools.check(data).catch((error: unknown) => {
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
      plan: (planned) => run({ kind: 'root', data: planned, isRetry }),
      clockAhead: this.tools.clockAhead(),
    });
  }

  /** Names of jobs, and what plugins say, may have any length. */
  #say({ name, id }: Job, text: string): void {
    this.tools.say(
      `${lineOf(name, mostNameCharacters)} ${lineOf(id, mostNameCharacters)}: ${lineOf(text, mostCharacters)}`,
    );
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

  #hasAdvanced(): boolean {
    const { progress, foundBefore = 0 } = this.work ?? {};
    return (progress?.found ?? 0) > foundBefore;
  }

  /** Says what became of a job that has no result; whatever is refused because the job was lost does not matter. */
  async #fail({ job, token }: HeldJob, error: unknown): Promise<void> {
    const { onFullDisk } = this.tools;
    if (error instanceof JobLost) {
      this.#say(job, 'taken over by another worker');
    } else if (error instanceof SlotStopped) {
      await job.moveToWait(token);
    } else if (error instanceof ChildDied && this.#hasAdvanced()) {
      // The attempt before this one has finished something, so the attempts lead somewhere, and are not counted.
      this.#say(job, error.message);
      await job.updateProgress(plainProgress(this.work!.progress!));
      await job.moveToWait(token);
    } else if (isFullDisk(error)) {
      await job.moveToWait(token);
      onFullDisk(error);
    } else if (error instanceof CampaignCancelled) {
      const { campaign } = job.data as JobScope;
      if (!(await this.tools.isCancelled(campaign))) await job.moveToWait(token);
      else await job.moveToFailed(new UnrecoverableError('the campaign was cancelled'), token, false);
    } else {
      const text = failureText(error);
      this.#say(job, failureOf(text).message);
      await job.moveToFailed(storedError(error, text), token, false);
      // It is tried again; meanwhile another worker may take it.
      if (error instanceof NotAllowed) await pause(this.tools.refusedMilliseconds, this.tools.abortSignal);
    }
  }
}

const workerLost = {
  asked: 'a job',
  found: 'the workers that had it were lost, again and again',
  fix: 'check the memory and the network of their machines, and give the queue the campaign again',
  reason: processEnded,
};

/** An error as the queue keeps it, with the stack trace of the original. */
function storedError(error: unknown, text: string): Error {
  // The same job would fail the same way; only a process that died, or another worker, may have had another reason.
  const mayPass = error instanceof ChildDied || error instanceof NotAllowed;
  const isFinal = error instanceof UnrecoverableError || (isHearkenError(error) && !mayPass);
  const stored = isFinal ? new UnrecoverableError(text) : new Error(text);
  if (error instanceof Error && error.stack !== undefined) stored.stack = error.stack.slice(0, mostStackCharacters);
  return stored;
}

function plainProgress({ done, total, found }: JobProgress) {
  return { done, total, found };
}

/** How many clips were done before an attempt, as it said itself. */
function foundIn(progress: unknown): number {
  const { found } = (typeof progress === 'object' && progress !== null ? progress : {}) as { readonly found?: unknown };
  return typeof found === 'number' ? found : 0;
}

/** Whether something could not be written because there is no room. */
export function isFullDisk(error: unknown): error is Error {
  for (let one = error; one instanceof Error; one = one.cause) {
    if (/^(ENOSPC|EDQUOT)\b/.test(one.message)) return true;
  }
  return false;
}
