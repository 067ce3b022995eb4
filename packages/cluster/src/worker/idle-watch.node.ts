import { lineOf } from '@hearken/core/internal';
import type { Redis } from 'ioredis';
import { modelsKey, prefix } from '../queue/names.js';
import { hashValue } from '../status/bounded-reads.node.js';
import { parseModelOfQueue } from '../status/records.js';
import type { QueueState } from './choose-queue.js';
import type { QueueStates } from './queue-states.node.js';

/** Nothing is left if nothing was found so many times in a row. */
const idleLooks = 2;
/** Further models would not help whoever starts a worker for them. */
const mostModels = 5;
const mostCharacters = 100;

/** Entries of the list of running jobs that are jobs. */
const countJobs = `
local jobs = 0
for _, id in ipairs(redis.call('LRANGE', KEYS[1] .. 'active', 0, 9999)) do
  local key = KEYS[1] .. id
  if redis.call('TYPE', key).ok == 'hash' and redis.call('HEXISTS', key, 'name') == 1 then jobs = jobs + 1 end
end
return jobs`;

/** Notices that nothing is left that a worker could do. */
export class IdleWatch {
  #looks = 0;

  constructor(
    private readonly redis: Redis,
    private readonly states: Pick<QueueStates, 'others' | 'provider'>,
  ) {}

  /**
   * Whether nothing was left several times in a row.
   *
   * @param states of the queues that the worker serves; undefined if they are not known
   */
  async look(states: readonly QueueState[] | undefined, isBusy: boolean): Promise<boolean> {
    const isEmpty = !isBusy && states !== undefined && (await this.#isEmpty(states));
    this.#looks = isEmpty ? this.#looks + 1 : 0;
    return this.#looks >= idleLooks;
  }

  /** Why the worker ends: what it leaves to workers of the other kind. */
  async farewell(): Promise<string> {
    const others = (await this.states.others()).filter((state) => unfinished(state) > 0);
    if (others.length === 0) return 'Nothing is left to do.';
    const count = others.reduce((sum, state) => sum + unfinished(state), 0);
    const names = await Promise.all(others.slice(0, mostModels).map(({ name }) => this.#modelOf(name)));
    const more = others.length > mostModels ? ` and ${others.length - mostModels} more` : '';
    const [where, option] = this.states.provider === 'cpu' ? ['a GPU', 'cuda'] : ['the CPU', 'cpu'];
    return (
      `Nothing is left that this worker can do. It leaves ${count} ${count === 1 ? 'job' : 'jobs'} of models on ${where} ` +
      `(${names.join(', ')}${more}): 'hearken worker --provider ${option}' does them. What follows from them needs a ` +
      'worker that is still there: start this one without --until-idle, or again.'
    );
  }

  async #isEmpty(states: readonly QueueState[]): Promise<boolean> {
    if (states.some(({ waiting, delayed }) => waiting + delayed > 0)) return false;
    for (const { name, active } of states) {
      if (active > 0 && Number(await this.redis.eval(countJobs, 1, `${prefix}:${name}:`)) > 0) return false;
    }
    return true;
  }

  async #modelOf(name: string): Promise<string> {
    const of = parseModelOfQueue((await hashValue(this.redis, modelsKey, name)) ?? '');
    return of === undefined ? name : lineOf(of.model, mostCharacters);
  }
}

function unfinished({ waiting, active, delayed }: QueueState): number {
  return waiting + active + delayed;
}
