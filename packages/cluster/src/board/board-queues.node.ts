import { lineOf } from '@hearken/core/internal';
import type { Redis } from 'ioredis';
import { modelsKey, workQueue } from '../queue/names.js';
import type { Queues } from '../queue/queues.node.js';
import { hashEntries } from '../status/bounded-reads.node.js';
import { isModelQueue, parseModelOfQueue } from '../status/records.js';
import type { BoardPackages, BoardQueue } from './board-packages.node.js';

/** The board asks for the jobs of each queue again and again. */
const mostQueues = 500;
const mostCharacters = 100;

/** The queues that the board shows: one for work without a model, and one for each model that has jobs. */
export class BoardQueues {
  readonly #known = new Map<string, BoardQueue>();

  constructor(
    private readonly packages: Pick<BoardPackages, 'BullMQAdapter'>,
    private readonly queues: Queues,
    private readonly redis: Redis,
    private readonly readOnlyMode: boolean,
  ) {}

  /** Those that there are now. */
  async all(): Promise<readonly BoardQueue[]> {
    const names = new Map([[workQueue, 'work without a model']]);
    for await (const [name, written] of hashEntries(this.redis, modelsKey)) {
      const of = parseModelOfQueue(written);
      if (of !== undefined && isModelQueue(name))
        names.set(name, `${lineOf(of.model, mostCharacters)}, ${of.provider}`);
      if (names.size >= mostQueues) break;
    }
    for (const name of this.#known.keys()) if (!names.has(name)) this.#known.delete(name);
    return [...names].map(([name, title]) => this.#of(name, title));
  }

  #of(name: string, displayName: string): BoardQueue {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const { readOnlyMode } = this;
    const queue = new this.packages.BullMQAdapter(this.queues.queue(name), {
      ...{ readOnlyMode, displayName, description: name },
    });
    this.#known.set(name, queue);
    return queue;
  }
}
