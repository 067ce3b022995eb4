import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { setMaxListeners } from 'node:events';
import { availableParallelism, hostname } from 'node:os';
import { resolve } from 'node:path';
import { loadExtensions } from '@hearken/bench';
import { cacheFolders, checkWritable } from '@hearken/core/node';
import { harnessVersion } from '@hearken/results';
import type { Worker } from 'bullmq';
import { JobChild, type JobRunner } from '../child/child-process.node.js';
import type { ChildSettings } from '../child/messages.js';
import { scopeOf } from '../jobs/job-data.js';
import { cacheId } from '../queue/cache-id.node.js';
import { openQueue, type QueueAddress } from '../queue/connect.node.js';
import { cancelledKey, workerKey } from '../queue/names.js';
import { QueueError } from '../queue/queue-error.js';
import { claimQueue } from '../queue/queue-users.node.js';
import { Queues } from '../queue/queues.node.js';
import { serverError } from '../queue/server-errors.js';
import type { WorkerRecord } from '../status/campaign-record.js';
import { type Allowed, checkAllowed } from './allowed.node.js';
import { CampaignCancelled, pause, Slot, type SlotTools } from './slot.node.js';
import { HeldJobs, lockMilliseconds } from './held-jobs.node.js';
import { QueueStates } from './queue-states.node.js';

/** How to run a worker. */
export interface WorkerOptions {
  /** The queue. */
  readonly address: QueueAddress;
  /** Folders of tasks that it may read. */
  readonly tasks: readonly string[];
  /** Folders of checkpoints that it may load. */
  readonly models: readonly string[];
  /** Folder of the results, the same for all workers. */
  readonly out: string;
  /** Root of the cache, the same for all workers; default: the user's. */
  readonly cache?: string;
  /** How many jobs to do at once, each in a process of its own. */
  readonly slots: number;
  /** Threads that each job may use; default: the processors of the machine divided among the slots. */
  readonly threads?: number;
  /** Jobs for models on a GPU, or those on the CPU. */
  readonly provider: 'cpu' | 'cuda';
  /** Plugins that it may load. */
  readonly plugins: readonly string[];
  /** Modules with custom metrics and probes. */
  readonly extensions: readonly string[];
  /** End when nothing is left to do. */
  readonly untilIdle: boolean;
  /** Ends the worker: jobs at hand go back to the queue. */
  readonly abortSignal?: AbortSignal;
  /** Called with what the user should know. */
  readonly say: (line: string) => void;
}

/** What tests and benchmarks replace. */
export interface WorkerParts {
  /** How long a job belongs to a worker that says nothing, in ms. */
  readonly lockDuration?: number;
  /** How long a slot takes no job after one that the worker was not started for, in ms. */
  readonly refusedMilliseconds?: number;
  /** Makes what does the jobs of a slot; default: a child process. */
  readonly makeRunner?: (settings: ChildSettings) => JobRunner;
}

/** How often a worker says what it does, and looks for cancelled campaigns, in ms. */
const lookEvery = 2000;
/** What a worker says of itself is known for so long, in seconds. */
const knownSeconds = 15;
/** How often a worker without room on its disk looks whether there is some, in ms. */
const roomEvery = 15_000;
/**
 * A job whose worker is lost more often than this has failed. That is seldom the job's fault, as it runs in a process of
 * its own, so it may happen more often than that process may die.
 */
const maxStalledCount = 5;
/** Jobs of so many models and tasks are remembered as checked. */
const mostChecked = 1000;
/** A worker that ends waits this long for a server that is away, in ms; others notice later that it is gone. */
const farewellMilliseconds = 5000;
/** Nothing is left if nothing was found so many times in a row. */
const idleLooks = 2;

/**
 * Does jobs of a queue until it is stopped.
 *
 * @returns the exit status: 0, or 130 if it was interrupted
 * @throws HearkenError if the queue, the cache, the results folder or an extension cannot be used
 */
export function runWorker(options: WorkerOptions): Promise<number> {
  return runWorkerWith(options);
}

/** {@link runWorker} with other parts. */
export async function runWorkerWith(options: WorkerOptions, parts: WorkerParts = {}): Promise<number> {
  const { say, provider, slots: slotCount, abortSignal } = options;
  const cache = resolve(cacheFolders(options.cache).root);
  const out = resolve(options.out);
  await checkWritable(cache);
  await checkWritable(out);
  const { extensionModules = [] } = await loadExtensions(options.extensions);
  const allowed: Allowed = {
    tasks: options.tasks.map((path) => resolve(path)),
    models: options.models.map((path) => resolve(path)),
    out,
    plugins: options.plugins,
    extensions: extensionModules.map(({ sha256 }) => sha256),
  };
  const id = await cacheId(cache);
  const open = await openQueue(options.address, { purpose: 'worker', cacheId: id });
  for (const note of open.notes) say(`Note: ${note}`);
  for (const folder of allowed.tasks) {
    if (!existsSync(folder)) say(`Note: folder of tasks '${folder}': nothing of that name; check --tasks.`);
  }
  const count = `${slotCount} ${slotCount === 1 ? 'job' : 'jobs'} at a time`;
  say(`Worker for the queue ${open.shown}: ${count}, models on ${provider === 'cuda' ? 'a GPU' : 'the CPU'}.`);
  const ending = new AbortController();
  let farewell: NodeJS.Timeout | undefined;
  // Each slot listens to it.
  setMaxListeners(0, ending.signal);
  const end = () => {
    ending.abort();
    // What a server that is away should still be told would wait for it.
    farewell ??= setInterval(() => {
      if (open.redis.status !== 'ready') void open.close();
    }, farewellMilliseconds);
  };
  abortSignal?.addEventListener('abort', end);
  if (abortSignal?.aborted === true) end();
  const { lockDuration = lockMilliseconds, refusedMilliseconds = 2000 } = parts;
  const queues = new Queues(open.redis);
  const workers = new Map<string, Worker>();
  const workerOf = (name: string) => {
    const known = workers.get(name);
    if (known !== undefined) return known;
    const settings = { lockDuration, stalledInterval: lockDuration / 2, maxStalledCount };
    const worker = queues.worker(name, settings);
    // Of all queues, also those that it takes nothing from: another worker may have been lost.
    void worker.startStalledCheckTimer();
    workers.set(name, worker);
    return worker;
  };
  const held = new HeldJobs(lockDuration, lockDuration / 4);
  const watch = new Watch();
  const tools: SlotTools = {
    states: new QueueStates(open.redis, provider),
    held,
    queue: (name) => queues.queue(name),
    worker: workerOf,
    check: onceForEach((scope) => checkAllowed(scope, allowed)),
    isCancelled: async (campaign) =>
      watch.cancelled.has(campaign) && (await open.redis.sismember(cancelledKey, campaign)) === 1,
    clockAhead: () => watch.clockAhead,
    refusedMilliseconds,
    onFullDisk: (error) => {
      if (watch.paused === undefined) say(`paused: ${error.message}`);
      watch.paused = error.message;
    },
    onRefused: (error) => {
      // A connection that breaks is made again, but what the server refuses, somebody has to mend.
      if (!(error instanceof Error) || error.name !== 'ReplyError' || error.message === watch.refused) return;
      watch.refused = error.message;
      say(`no jobs can be taken: ${serverError(open, error).message}`);
    },
    isPaused: () => watch.paused !== undefined,
    mayTake: async () => {
      while (watch.paused !== undefined && !ending.signal.aborted) await pause(200, ending.signal);
    },
    say,
    abortSignal: ending.signal,
  };
  const { threads = Math.max(1, Math.floor(availableParallelism() / slotCount)) } = options;
  const settings = { cache, threads, extensions: options.extensions };
  const { makeRunner = (own) => new JobChild(own) } = parts;
  const slots = Array.from({ length: slotCount }, () => new Slot(makeRunner(settings), tools));
  const worker = randomUUID();
  const startedAt = new Date().toISOString();
  const record = (): WorkerRecord => ({
    ...{ id: worker, host: hostname(), process: process.pid, version: harnessVersion },
    ...{ slots: slotCount, provider, startedAt, paused: watch.paused },
    running: slots.flatMap(({ work }, slot) =>
      work === undefined
        ? []
        : [
            {
              ...{ slot, kind: work.kind, campaign: work.scope.campaign, model: work.scope.model.name },
              ...{ task: work.scope.task, since: work.since.toISOString() },
              ...(work.progress === undefined ? {} : { done: work.progress.done, total: work.progress.total }),
            },
          ],
    ),
    loads: slots.reduce((sum, { runner }) => sum + runner.loads, 0),
  });
  let refusal: QueueError | undefined;
  const watching = (async () => {
    let idle = 0;
    while (!ending.signal.aborted) {
      await watch.look(open.redis, held).catch(() => undefined);
      try {
        // Others may have taken the queue over while this worker was cut off, or its data may have been lost.
        await claimQueue(open.redis, open.shown, id);
      } catch (error) {
        if (error instanceof QueueError) refusal = error;
        if (refusal !== undefined) end();
      }
      const states = await tools.states.get().catch(() => undefined);
      for (const { name } of states ?? []) workerOf(name);
      await open.redis.set(workerKey(worker), JSON.stringify(record()), 'EX', knownSeconds).catch(() => undefined);
      const isEmpty = states?.every(({ waiting, active, delayed }) => waiting + active + delayed === 0) ?? false;
      idle = isEmpty && slots.every(({ isIdle }) => isIdle) ? idle + 1 : 0;
      if (options.untilIdle && idle >= idleLooks && !ending.signal.aborted) {
        say('Nothing is left to do.');
        end();
      }
      await pause(lookEvery, ending.signal);
    }
  })();
  const rooms = (async () => {
    while (!ending.signal.aborted) {
      await pause(roomEvery, ending.signal);
      if (watch.paused !== undefined && (await hasRoom(cache))) {
        watch.paused = undefined;
        say('there is room on the disk again: goes on');
      }
    }
  })();
  try {
    await Promise.all(slots.map((slot) => slot.run()));
  } finally {
    end();
    await Promise.all([watching, rooms]);
    held.stop();
    await open.redis.del(workerKey(worker)).catch(() => undefined);
    await queues.close();
    await open.close();
    clearInterval(farewell);
    abortSignal?.removeEventListener('abort', end);
  }
  if (refusal !== undefined) throw refusal;
  return abortSignal?.aborted === true ? 130 : 0;
}

/** What a worker finds out from time to time. */
class Watch {
  cancelled: ReadonlySet<string> = new Set();
  clockAhead = 0;
  /** The answer of the server by which it refused to give a job, the last time. */
  refused: string | undefined;
  /** Why no jobs are taken. */
  paused: string | undefined;

  async look(redis: Awaited<ReturnType<typeof openQueue>>['redis'], held: HeldJobs): Promise<void> {
    const [seconds, microseconds] = await redis.time();
    this.clockAhead = Date.now() - (Number(seconds) * 1000 + Number(microseconds) / 1000);
    // Last: a job that is held when the answer comes was taken before it.
    this.cancelled = new Set(await redis.smembers(cancelledKey));
    for (const { job, controller } of held.all) {
      const { campaign } = (job.data ?? {}) as { readonly campaign?: unknown };
      if (typeof campaign === 'string' && this.cancelled.has(campaign)) controller.abort(new CampaignCancelled());
    }
  }
}

/** Jobs of a model on a task are checked once. */
function onceForEach(check: SlotTools['check']): SlotTools['check'] {
  const checked = new Map<string, Promise<void>>();
  return (scope) => {
    const key = JSON.stringify(scopeOf(scope));
    const known = checked.get(key);
    if (known !== undefined) return known;
    // What was refused may be allowed when a link was changed, but nothing else.
    if (checked.size >= mostChecked) checked.clear();
    const checking = check(scope);
    checked.set(key, checking);
    checking.catch(() => checked.delete(key));
    return checking;
  };
}

async function hasRoom(folder: string): Promise<boolean> {
  return checkWritable(folder).then(
    () => true,
    () => false,
  );
}
