import type { Worker } from 'bullmq';
import type { Queues } from '../queue/queues.node.js';
import type { HeldJobs } from './held-jobs.node.js';

/**
 * A job whose worker is lost more often than this has failed. That is seldom the job's fault, as it runs in a process of
 * its own, so it may happen more often than that process may die.
 */
const maxStalledCount = 5;
/** A queue is gone if it was not there so many times in a row. */
const missingLooks = 5;

/** What takes jobs out of each queue, and gives those of lost workers back to it. */
export class QueueWorkers {
  readonly #workers = new Map<string, Worker>();
  /** How often in a row queues were not there. */
  readonly #missing = new Map<string, number>();

  constructor(
    private readonly queues: Queues,
    private readonly lockDuration: number,
    private readonly held: Pick<HeldJobs, 'all'>,
  ) {}

  /** Of all queues, also those from which nothing is taken here: another worker may have been lost. */
  of(name: string): Worker {
    const known = this.#workers.get(name);
    if (known !== undefined) return known;
    const { lockDuration } = this;
    const worker = this.queues.worker(name, { lockDuration, stalledInterval: lockDuration / 2, maxStalledCount });
    void worker.startStalledCheckTimer();
    this.#workers.set(name, worker);
    return worker;
  }

  /**
   * Watches over all of some queues, and no longer over those that are gone.
   *
   * @param names the queues that there are now
   */
  serve(names: readonly string[]): void {
    for (const name of names) {
      this.of(name);
      this.#missing.delete(name);
    }
    for (const [name, worker] of this.#workers) {
      if (names.includes(name) || this.held.all.some(({ job }) => job.queueName === name)) continue;
      const times = (this.#missing.get(name) ?? 0) + 1;
      this.#missing.set(name, times);
      // A slot that has chosen the queue a moment ago still asks it for a job.
      if (times < missingLooks) continue;
      this.#workers.delete(name);
      this.#missing.delete(name);
      void worker.close();
    }
  }
}
