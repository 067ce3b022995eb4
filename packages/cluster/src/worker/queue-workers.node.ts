import type { Worker } from 'bullmq';
import type { Queues } from '../queue/queues.node.js';

/**
 * A job whose worker is lost more often than this has failed. That is seldom the job's fault, as it runs in a process of
 * its own, so it may happen more often than that process may die.
 */
const maxStalledCount = 5;

/** What takes jobs out of each queue, and gives those of lost workers back to it. */
export class QueueWorkers {
  readonly #workers = new Map<string, Worker>();

  constructor(
    private readonly queues: Queues,
    private readonly lockDuration: number,
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
}
