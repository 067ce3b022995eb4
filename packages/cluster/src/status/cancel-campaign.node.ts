import { setTimeout as pause } from 'node:timers/promises';
import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { OpenQueue } from '../queue/connect.node.js';
import { cancelledKey, modelsKey, workQueue } from '../queue/names.js';
import { QueueError } from '../queue/queue-error.js';
import { Queues } from '../queue/queues.node.js';
import { hashEntries } from './bounded-reads.node.js';
import type { CampaignRecord } from './campaign-record.js';
import { findCampaign } from './find-campaign.node.js';
import { isModelQueue } from './records.js';

/** A campaign of which nothing waits any more. */
export interface CancelledCampaign {
  /** Which one. */
  readonly campaign: CampaignRecord;
  /** How many waiting jobs were removed. */
  readonly removed: number;
  /** How many jobs of it workers have at this moment: they end them within seconds. */
  readonly running: number;
}

/** States of jobs that no worker has. Parents come first: without them, removing a child sets nothing off. */
const waitingStates = ['waiting-children', 'prioritized', 'delayed', 'wait'] as const;
const pageSize = 1000;
/** Jobs that are removed at the same time. */
const together = 100;
/** Each time, jobs that a worker has added or given back meanwhile are removed, too. */
const mostPasses = 100;

/**
 * Cancels a campaign: nothing of it waits any more. Workers look every two seconds whether what they have is cancelled.
 * Results that are finished stay, and so does what was computed for others.
 *
 * @param wanted the campaign's id, or its name if only one has that name
 * @throws QueueError if there is no such campaign
 */
export async function cancelCampaign(queue: OpenQueue, wanted: string): Promise<CancelledCampaign> {
  const { redis } = queue;
  const campaign = await findCampaign(queue, wanted);
  // First, so that no worker adds further jobs of it.
  await redis.sadd(cancelledKey, campaign.id);
  const queues = new Queues(redis);
  try {
    const names = [workQueue, ...(await modelQueues(redis))];
    const own = (id: string) => id.startsWith(`${campaign.id}.`);
    let removed = 0;
    for (let pass = 0; ; pass += 1) {
      let found = 0;
      for (const name of names) {
        const swept = await sweep(queues.queue(name), own);
        found += swept.found;
        removed += swept.removed;
      }
      if (found === 0) break;
      if (pass < mostPasses) continue;
      throw new QueueError({
        asked: `campaign ${campaign.id} without waiting jobs`,
        found: `${found} jobs that cannot be removed`,
        fix: 'it is marked as cancelled, so that workers drop them; run the command again in a minute',
      });
    }
    let running = 0;
    for (const name of names) running += await countActive(queues.queue(name), own);
    return { campaign, removed, running };
  } finally {
    await queues.close();
  }
}

async function modelQueues(redis: Redis): Promise<string[]> {
  const names = new Set<string>();
  for await (const [name] of hashEntries(redis, modelsKey)) if (isModelQueue(name)) names.add(name);
  return [...names];
}

/** Removes the jobs that no worker has, page by page. */
async function sweep(queue: Queue, own: (id: string) => boolean): Promise<{ found: number; removed: number }> {
  let [found, removed] = [0, 0];
  for (const state of waitingStates) {
    // Removed jobs make room for those behind them.
    for (let from = 0; ;) {
      const page = await queue.getRanges([state], from, from + pageSize - 1, true);
      // A root job before the groups of its children, and these before the children.
      const ids = page.filter(own).sort((one, other) => one.length - other.length);
      let gone = 0;
      for (let start = 0; start < ids.length; start += together) {
        const batch = ids.slice(start, start + together);
        const codes = await Promise.all(batch.map((id) => queue.remove(id, { removeChildren: false })));
        gone += codes.filter((code) => code === 1).length;
      }
      found += ids.length;
      removed += gone;
      // A worker has just taken what could not be removed.
      if (gone < ids.length) await pause(50);
      if (page.length < pageSize) break;
      from += page.length - gone;
    }
  }
  return { found, removed };
}

async function countActive(queue: Queue, own: (id: string) => boolean): Promise<number> {
  let count = 0;
  for (let from = 0; ; from += pageSize) {
    const page = await queue.getRanges(['active'], from, from + pageSize - 1, true);
    count += page.filter(own).length;
    if (page.length < pageSize) return count;
  }
}
