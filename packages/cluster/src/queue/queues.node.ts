import { createRedisBackend, FlowProducer, Queue, type QueueOptions, Worker, type WorkerOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import { prefix } from './names.js';

/** How a {@link Queues.worker} looks after its jobs. */
export type ManualWorkerOptions = Omit<WorkerOptions, 'connection' | 'prefix' | 'autorun' | 'concurrency'>;

/** BullMQ would open a second connection for each queue that a worker waits for; ours never wait for one queue. */
const sharedBackend: typeof createRedisBackend = (name, options) => createRedisBackend(name, options);

/**
 * The queues of a server, which share one connection: each is opened once. Errors of the connection are not repeated by
 * the queues: listen to the connection.
 */
export class Queues {
  readonly #redis: Redis;
  readonly #queues = new Map<string, Queue>();
  readonly #workers = new Set<Worker>();
  #flows: FlowProducer | undefined;

  /**
   * @param redis of an `OpenQueue`; {@link close} leaves it open
   * @param options `skipMetasUpdate` to write nothing into queues that are only looked at
   */
  constructor(
    redis: Redis,
    private readonly options: Pick<QueueOptions, 'skipMetasUpdate'> = {},
  ) {
    this.#redis = redis;
  }

  /** The queue of a name, to add jobs to and to look into. */
  queue(name: string): Queue {
    const known = this.#queues.get(name);
    if (known !== undefined) return known;
    const queue = new Queue(name, { ...this.options, connection: this.#redis, prefix });
    queue.on('error', () => undefined);
    this.#queues.set(name, queue);
    return queue;
  }

  /** What adds jobs together with those that they wait for. */
  get flows(): FlowProducer {
    if (this.#flows === undefined) {
      this.#flows = new FlowProducer({ connection: this.#redis, prefix });
      this.#flows.on('error', () => undefined);
    }
    return this.#flows;
  }

  /**
   * What takes jobs out of a queue, one by one: `getNextJob(token, { block: false })`, and never with `block`. It does
   * nothing by itself: jobs' locks have to be renewed, and `startStalledCheckTimer` called.
   */
  worker(name: string, options: ManualWorkerOptions = {}): Worker {
    const all = { ...options, connection: this.#redis, prefix, autorun: false };
    const worker = new Worker(name, null, all, sharedBackend);
    worker.on('error', () => undefined);
    worker.on('closed', () => this.#workers.delete(worker));
    this.#workers.add(worker);
    return worker;
  }

  /** Closes all of them. Jobs that were taken and not finished are another's when their locks have run out. */
  async close(): Promise<void> {
    const open = [...this.#workers, ...this.#queues.values(), ...(this.#flows === undefined ? [] : [this.#flows])];
    this.#workers.clear();
    this.#queues.clear();
    this.#flows = undefined;
    await Promise.all(open.map((one) => one.close()));
  }
}
