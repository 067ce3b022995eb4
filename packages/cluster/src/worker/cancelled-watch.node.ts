import type { Redis } from 'ioredis';
import { cancelledKey } from '../queue/names.js';
import type { HeldJobs } from './held-jobs.node.js';
import { CampaignCancelled } from './slot-errors.js';

/** Stops jobs of cancelled campaigns, and knows by how much this machine's clock differs from the server's. */
export class CancelledWatch {
  /** Milliseconds by which this machine's clock is ahead of the server's. */
  clockAhead = 0;
  #cancelled: ReadonlySet<string> = new Set();

  constructor(
    private readonly redis: Redis,
    private readonly held: HeldJobs,
  ) {}

  /** Whether a campaign is cancelled now: it may have been submitted again a moment ago. */
  async has(campaign: string): Promise<boolean> {
    return this.#cancelled.has(campaign) && (await this.redis.sismember(cancelledKey, campaign)) === 1;
  }

  async look(): Promise<void> {
    const [seconds, microseconds] = await this.redis.time();
    this.clockAhead = Date.now() - (Number(seconds) * 1000 + Number(microseconds) / 1000);
    // Last: a job that is held when the answer comes was taken before it.
    this.#cancelled = new Set(await this.redis.smembers(cancelledKey));
    for (const { job, controller } of this.held.all) {
      const { campaign } = (job.data ?? {}) as { readonly campaign?: unknown };
      if (typeof campaign === 'string' && this.#cancelled.has(campaign)) controller.abort(new CampaignCancelled());
    }
  }
}
