import type { Job } from 'bullmq';
import { SlotStopped } from './slot-errors.js';

/** A job belongs to its worker for so long, in ms, and then to whoever notices that the worker is gone. */
export const lockMilliseconds = 60_000;
/** How often a worker says that it still has its jobs, in ms. */
const renewMilliseconds = 15_000;

/** A job that this worker has taken. */
export interface HeldJob {
  readonly job: Job;
  readonly token: string;
  readonly controller: AbortController;
}

/** The job belongs to another worker now: what this one would say about it no longer counts. */
export class JobLost extends Error {
  override name = 'JobLost';
}

/** The jobs that a worker has taken, and keeps for itself by saying so. */
export class HeldJobs {
  readonly #held = new Set<HeldJob>();
  readonly #timer: NodeJS.Timeout;

  /** @param ending stops all jobs, and those that are taken after that */
  constructor(
    private readonly ending: AbortSignal,
    private readonly lockDuration = lockMilliseconds,
    renewEvery = renewMilliseconds,
  ) {
    // One listener for all: one for each of a hundred thousand small jobs takes longer than their checks.
    ending.addEventListener('abort', () => {
      for (const held of this.#held) held.controller.abort(new SlotStopped());
    });
    this.#timer = setInterval(() => void this.#renew(), renewEvery);
  }

  /** All of them. */
  get all(): readonly HeldJob[] {
    return [...this.#held];
  }

  add(held: HeldJob): void {
    this.#held.add(held);
    if (this.ending.aborted) held.controller.abort(new SlotStopped());
  }

  remove(held: HeldJob): void {
    this.#held.delete(held);
  }

  /** Nothing is renewed any more. */
  stop(): void {
    clearInterval(this.#timer);
  }

  async #renew(): Promise<void> {
    await Promise.all(
      this.all.map(async (held) => {
        // Without a connection nobody knows: the job goes on, and its end is refused if it has been lost.
        const renewed = await held.job.extendLock(held.token, this.lockDuration).catch(() => 1);
        if (renewed !== 1 && this.#held.has(held)) held.controller.abort(new JobLost());
      }),
    );
  }
}
