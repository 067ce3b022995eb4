import { openStore } from '@hearken/bench/jobs';
import type { Campaign } from '@hearken/campaigns';
import type { Task } from '@hearken/tasks';
import { storeCheckpoints } from '../jobs/stored-checkpoints.node.js';
import { sharedId } from '../queue/cache-id.node.js';
import { openQueue, type QueueAddress } from '../queue/connect.node.js';
import { toldError } from '../queue/server-errors.js';
import { followCampaign, type FollowProgress, type RootOutcome } from '../status/follow-campaign.node.js';
import { submitCampaign } from '../submit/submit-campaign.node.js';
import { countsText } from './status-text.js';

/** How far a campaign is, also in words. */
export interface ToldProgress extends FollowProgress {
  /** `12 of 60 done, 2 failed, 46 waiting`. */
  readonly text: string;
}

/** How to run a campaign on a queue. */
export interface RunOnQueueOptions {
  /** Absolute path of the folder for the results, below the one that workers write to. */
  readonly out: string;
  /** Root of the cache, which all workers share unless they share a store. */
  readonly cache: string;
  /** Where workers keep embeddings and trainings, such as `s3://bucket/prefix`; default: in the cache. */
  readonly store?: string;
  /** SHA-256 of the campaign's modules with custom metrics and probes. */
  readonly extensions?: readonly string[];
  /** What to call the campaign. */
  readonly name?: string;
  /** 1 is first, 1000 last. */
  readonly priority?: number;
  /** Return as soon as the campaign is in the queue. */
  readonly detach?: boolean;
  /** Called with lines for the user. */
  readonly say: (line: string) => void;
  /** Called about every second with how far the campaign is, and that in words. */
  readonly onProgress?: (progress: ToldProgress) => void;
  /** Stops waiting; the campaign stays in the queue. */
  readonly abortSignal?: AbortSignal;
}

/** A campaign that was given to a queue. */
export interface QueuedCampaign {
  /** Its id. */
  readonly id: string;
  /** How each model on a task ended, in the campaign's order; undefined if they were not waited for. */
  readonly outcomes: RootOutcome[] | undefined;
}

/**
 * Gives a campaign to a queue, and waits until workers have done it. If the abort signal ends the wait, the campaign stays
 * in the queue.
 *
 * @param campaign its paths absolute, and with all checkpoints
 * @throws what `openQueue` and `submitCampaign` do; QueueError if the queue loses the campaign; the abort signal's reason
 */
export async function runOnQueue(
  address: QueueAddress,
  campaign: Campaign,
  tasks: readonly Task[],
  { detach = false, say, onProgress, abortSignal, ...options }: RunOnQueueOptions,
): Promise<QueuedCampaign> {
  const { cache, store: place } = options;
  const store = place === undefined ? undefined : await openStore(cache, place);
  const queue = await openQueue(address, { purpose: 'submit', cacheId: await sharedId(cache, store) });
  try {
    for (const note of queue.notes) say(`Note: ${note}`);
    abortSignal?.throwIfAborted();
    const stored = store === undefined ? {} : { storedCheckpoints: await storeCheckpoints(campaign.models, store) };
    const { record, added } = await submitCampaign(queue, campaign, tasks, { ...options, ...stored });
    const { id } = record;
    const title = record.name === id ? id : `${record.name} (${id})`;
    const pairs = `${record.roots} ${record.roots === 1 ? 'pair' : 'pairs'} of a model and a task`;
    const news = added === 0 ? ', all of which it had already' : added < record.roots ? `, ${added} of them new` : '';
    say(`Campaign ${title} is in the queue ${queue.shown}: ${pairs}${news}.`);
    say(`  hearken status --queue ${queue.shown}`);
    say(`  hearken cancel ${id} --queue ${queue.shown}`);
    if (detach) return { id, outcomes: undefined };
    try {
      const follow = (progress: FollowProgress) =>
        onProgress?.({
          ...progress,
          text: countsText(progress.counts, progress.total),
        });
      const outcomes = await followCampaign(queue, id, {
        onProgress: follow,
        onNote: say,
        ...(abortSignal === undefined ? {} : { abortSignal }),
      });
      return { id, outcomes };
    } catch (error) {
      if (abortSignal?.aborted === true) {
        say(`Campaign ${id} stays in the queue, and workers go on with it; the commands above show and cancel it.`);
      }
      throw error;
    }
  } catch (error) {
    throw toldError(queue, error);
  } finally {
    await queue.close();
  }
}
