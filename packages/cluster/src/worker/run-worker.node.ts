import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { loadExtensions } from '@hearken/bench';
import { openStore } from '@hearken/bench/jobs';
import { cacheFolders, checkWritable } from '@hearken/core/node';
import { JobChild } from '../child/child-process.node.js';
import { sharedId } from '../queue/cache-id.node.js';
import { openQueue } from '../queue/connect.node.js';
import { Queues } from '../queue/queues.node.js';
import { serverError } from '../queue/server-errors.js';
import { type Allowed, checkAllowedOnce } from './allowed.node.js';
import { CancelledWatch } from './cancelled-watch.node.js';
import { DiskWatch } from './disk-watch.node.js';
import { HeldJobs, lockMilliseconds } from './held-jobs.node.js';
import { QueueStates } from './queue-states.node.js';
import { watchQueue } from './queue-watch.node.js';
import { QueueWorkers } from './queue-workers.node.js';
import { Slot } from './slot.node.js';
import type { SlotTools } from './slot-tools.js';
import { WorkerEnding } from './worker-ending.node.js';
import type { WorkerOptions, WorkerParts } from './worker-options.js';
import { WorkerRecords } from './worker-record.node.js';

const defaultRefusedMilliseconds = 2000;

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
  const { say, provider, slots: slotCount, abortSignal, untilIdle } = options;
  const { lockDuration = lockMilliseconds, refusedMilliseconds = defaultRefusedMilliseconds } = parts;
  const cache = resolve(cacheFolders(options.cache).root);
  const allowed = await allowedBy(options, cache);
  const { extensions, store } = options;
  const id = await sharedId(cache, store === undefined ? undefined : await openStore(cache, store));
  const open = await openQueue(options.address, { purpose: 'worker', cacheId: id });
  sayWhatItDoes(options, allowed, open);
  const ending = new WorkerEnding(open, abortSignal, say);
  const queues = new Queues(open.redis);
  const held = new HeldJobs(ending.signal, lockDuration, lockDuration / 4);
  const workers = new QueueWorkers(queues, lockDuration, held);
  const cancelled = new CancelledWatch(open.redis, held);
  const disk = new DiskWatch(cache, say, ending.signal);
  const states = new QueueStates(open.redis, provider);
  const tools: SlotTools = {
    ...{ states, held, refusedMilliseconds, say, abortSignal: ending.signal },
    queue: (name) => queues.queue(name),
    worker: (name) => workers.of(name),
    check: checkAllowedOnce(allowed),
    isCancelled: (campaign) => cancelled.has(campaign),
    clockAhead: () => cancelled.clockAhead,
    onRefused: sayOnce(open, say),
    onFullDisk: (error) => {
      disk.onFull(error);
    },
    isPaused: () => disk.paused !== undefined,
    mayTake: () => disk.mayTake(),
  };
  const { threads = Math.max(1, Math.floor(availableParallelism() / slotCount)) } = options;
  const settings = { cache, threads, extensions, ...(store === undefined ? {} : { store }) };
  const { makeRunner = (own) => new JobChild(own) } = parts;
  const slots = Array.from({ length: slotCount }, () => new Slot(makeRunner(settings), tools));
  const records = new WorkerRecords(open.redis, options, slots);
  const paused = () => disk.paused;
  const watching = watchQueue({
    ...{ open, cacheId: id, cancelled, states, workers, records, slots, ending, untilIdle, paused, say },
  });
  const looking = disk.run();
  try {
    await Promise.all(slots.map((slot) => slot.run()));
  } finally {
    ending.end();
    await Promise.all([watching, looking]);
    held.stop();
    await records.remove();
    await queues.close();
    await open.close();
    ending.close();
  }
  const refusal = await watching;
  if (refusal !== undefined) throw refusal;
  return abortSignal?.aborted === true ? 130 : 0;
}

/**
 * What a worker may open and load.
 *
 * @throws HearkenError if it cannot write, or an extension cannot be loaded
 */
async function allowedBy(options: WorkerOptions, cache: string): Promise<Allowed> {
  const out = resolve(options.out);
  await checkWritable(cache);
  await checkWritable(out);
  const { extensionModules = [] } = await loadExtensions(options.extensions);
  return {
    tasks: options.tasks.map((path) => resolve(path)),
    models: options.models.map((path) => resolve(path)),
    out,
    plugins: options.plugins,
    extensions: extensionModules.map(({ sha256 }) => sha256),
  };
}

function sayWhatItDoes(
  { say, slots, provider }: WorkerOptions,
  { tasks }: Allowed,
  { notes, shown }: { readonly notes: readonly string[]; readonly shown: string },
): void {
  for (const note of notes) say(`Note: ${note}`);
  for (const folder of tasks) {
    if (!existsSync(folder)) say(`Note: folder of tasks '${folder}': nothing of that name; check --tasks.`);
  }
  const count = `${slots} ${slots === 1 ? 'job' : 'jobs'} at a time`;
  say(`Worker for the queue ${shown}: ${count}, models on ${provider === 'cuda' ? 'a GPU' : 'the CPU'}.`);
}

/** Says why the server gives no jobs, once for each reason. */
function sayOnce(open: { readonly shown: string }, say: (line: string) => void): (error: unknown) => void {
  let said: string | undefined;
  return (error) => {
    // A connection that breaks is made again, but what the server refuses, somebody has to mend.
    if (!(error instanceof Error) || error.name !== 'ReplyError' || error.message === said) return;
    said = error.message;
    say(`no jobs can be taken: ${serverError(open, error).message}`);
  };
}
