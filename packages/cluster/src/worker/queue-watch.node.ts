import type { OpenQueue } from '../queue/connect.node.js';
import { forgetModelQueuesInTurn } from '../queue/model-queues.node.js';
import { QueueError } from '../queue/queue-error.js';
import { claimQueue } from '../queue/queue-users.node.js';
import type { CancelledWatch } from './cancelled-watch.node.js';
import type { QueueState } from './choose-queue.js';
import { IdleWatch } from './idle-watch.node.js';
import { PauseWatch } from './pause-watch.js';
import { pause } from './pause.node.js';
import type { QueueStates } from './queue-states.node.js';
import type { QueueWorkers } from './queue-workers.node.js';
import type { Slot } from './slot.node.js';
import type { WorkerEnding } from './worker-ending.node.js';
import type { WorkerRecords } from './worker-record.node.js';

/** How often a worker says what it does, and looks for cancelled campaigns, in ms. */
const lookEvery = 2000;

/** What is watched, and what it means something for. */
export interface QueueWatchTools {
  readonly open: OpenQueue;
  /** What identifies the cache. */
  readonly cacheId: string;
  readonly cancelled: CancelledWatch;
  readonly states: QueueStates;
  readonly workers: QueueWorkers;
  readonly records: WorkerRecords;
  readonly slots: readonly Slot[];
  readonly ending: WorkerEnding;
  /** Whether the worker ends when nothing is left to do. */
  readonly untilIdle: boolean;
  /** Why no jobs are taken. */
  readonly paused: () => string | undefined;
  readonly say: (line: string) => void;
}

/**
 * Looks at the queue every two seconds until the worker ends: whether campaigns were cancelled, the queue is another's,
 * there are further queues, and something is left to do. Says what the worker does.
 *
 * @returns why the queue can no longer be used; undefined if it can
 */
export async function watchQueue(tools: QueueWatchTools): Promise<QueueError | undefined> {
  const { open, ending, states, slots } = tools;
  let refusal: QueueError | undefined;
  const idle = new IdleWatch(open.redis, states);
  const pauses = new PauseWatch(tools.say);
  while (!ending.signal.aborted) {
    await tools.cancelled.look().catch(() => undefined);
    try {
      // Others may have taken the queue over while this worker was cut off, or its data may have been lost.
      await claimQueue(open.redis, open.shown, tools.cacheId);
    } catch (error) {
      if (error instanceof QueueError) refusal = error;
      if (refusal !== undefined) ending.end();
    }
    const found = await states.get().catch(() => undefined);
    if (found !== undefined) {
      tools.workers.serve(found.map(({ name }) => name));
      pauses.look(found);
    }
    await tools.records.write(tools.paused());
    await forgetModelQueuesInTurn(open.redis, () => states.models()).catch(() => undefined);
    if (tools.untilIdle) {
      const farewell = await farewellOf(idle, found, slots).catch(() => undefined);
      if (farewell !== undefined && !ending.signal.aborted) {
        tools.say(farewell);
        ending.end();
      }
    }
    await pause(lookEvery, ending.signal);
  }
  return refusal;
}

/** What an idle worker says before it ends; undefined while something is left to do. */
async function farewellOf(
  idle: IdleWatch,
  found: readonly QueueState[] | undefined,
  slots: readonly Slot[],
): Promise<string | undefined> {
  const isBusy = slots.some(({ isIdle }) => !isIdle);
  return (await idle.look(found, isBusy)) ? idle.farewell() : undefined;
}
