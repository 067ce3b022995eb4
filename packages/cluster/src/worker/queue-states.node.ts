import type { Redis } from 'ioredis';
import { modelsKey, prefix, workQueue } from '../queue/names.js';
import { isModelQueue } from '../status/records.js';
import type { QueueState } from './choose-queue.js';

/** What was read so long ago, in ms, is read again. */
const freshMilliseconds = 250;
/** BullMQ's score of a waiting job is its priority times this, and a counter. */
const scorePerPriority = 2 ** 32;

/** What waits in the queues that a worker can serve, read once for all of its slots. */
export class QueueStates {
  #read: { readonly at: number; readonly states: Promise<readonly QueueState[]> } | undefined;

  /** @param provider a worker without a GPU leaves alone what needs one */
  constructor(
    readonly redis: Redis,
    readonly provider: 'cpu' | 'cuda',
  ) {}

  /** What waits now, or waited a moment ago. */
  get(): Promise<readonly QueueState[]> {
    const now = performance.now();
    if (this.#read === undefined || now - this.#read.at > freshMilliseconds) {
      const states = this.#modelQueues(true).then((models) => this.#readAll([workQueue, ...models]));
      this.#read = { at: now, states };
      // A failed read is not kept.
      states.catch(() => (this.#read = undefined));
    }
    return this.#read.states;
  }

  /** What is known is out of date. */
  forget(): void {
    this.#read = undefined;
  }

  /** The queues of models that this worker does not serve. */
  async others(): Promise<readonly QueueState[]> {
    return this.#readAll(await this.#modelQueues(false));
  }

  /** The queues of all models. */
  async models(): Promise<readonly string[]> {
    return [...(await this.#modelQueues(true)), ...(await this.#modelQueues(false))];
  }

  async #modelQueues(isServed: boolean): Promise<string[]> {
    const names = await this.redis.hkeys(modelsKey);
    // Anybody who can write to the server can write any name.
    return names.filter((name) => isModelQueue(name) && name.endsWith(`-${this.provider}`) === isServed);
  }

  async #readAll(names: readonly string[]): Promise<QueueState[]> {
    const asked = this.redis.pipeline();
    for (const name of names) {
      const key = (type: string) => `${prefix}:${name}:${type}`;
      asked.zrange(key('prioritized'), 0, 0, 'WITHSCORES').zcard(key('prioritized'));
      asked.llen(key('wait')).llen(key('active')).zcard(key('delayed')).hexists(key('meta'), 'paused');
    }
    const answers = ((await asked.exec()) ?? []).map(([error, answer]) => {
      if (error !== null) throw error;
      return answer;
    });
    return names.map((name, index): QueueState => {
      const [first, prioritized, wait, active, delayed, paused] = answers.slice(6 * index, 6 * index + 6);
      const score = Number((first as string[]).at(1) ?? Number.NaN);
      // A job whose worker was lost waits before all others.
      const next = (wait as number) > 0 ? 0 : Math.floor(score / scorePerPriority);
      return {
        name,
        needsModel: name !== workQueue,
        waiting: (wait as number) + (prioritized as number),
        next: Number.isNaN(next) ? undefined : next,
        active: active as number,
        delayed: delayed as number,
        isPaused: paused === 1,
      };
    });
  }
}
