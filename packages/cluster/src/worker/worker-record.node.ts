import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { harnessVersion } from '@hearken/results';
import type { Redis } from 'ioredis';
import { workerKey } from '../queue/names.js';
import type { WorkerRecord } from '../status/campaign-record.js';
import type { Slot } from './slot.node.js';
import type { WorkerOptions } from './worker-options.js';

/** What a worker says of itself is known for so long, in seconds. */
const knownSeconds = 15;

/** What a worker says of itself, so that `hearken status` can show it. */
export class WorkerRecords {
  readonly #id = randomUUID();
  readonly #startedAt = new Date().toISOString();

  constructor(
    private readonly redis: Redis,
    private readonly options: Pick<WorkerOptions, 'provider'>,
    private readonly slots: readonly Slot[],
  ) {}

  /** @param paused why no jobs are taken */
  async write(paused: string | undefined): Promise<void> {
    const written = JSON.stringify(this.#record(paused));
    await this.redis.set(workerKey(this.#id), written, 'EX', knownSeconds).catch(() => undefined);
  }

  async remove(): Promise<void> {
    await this.redis.del(workerKey(this.#id)).catch(() => undefined);
  }

  #record(paused: string | undefined): WorkerRecord {
    return {
      ...{ id: this.#id, host: hostname(), process: process.pid, version: harnessVersion },
      ...{ slots: this.slots.length, provider: this.options.provider, startedAt: this.#startedAt, paused },
      running: this.slots.flatMap(runningIn),
      loads: this.slots.reduce((sum, { runner }) => sum + runner.loads, 0),
    };
  }
}

function runningIn({ work }: Slot, slot: number): WorkerRecord['running'] {
  if (work === undefined) return [];
  const { kind, scope, since, progress } = work;
  return [
    {
      ...{
        slot,
        kind,
        campaign: scope.campaign,
        model: scope.model.name,
        task: scope.task,
        since: since.toISOString(),
      },
      ...(progress === undefined ? {} : { done: progress.done, total: progress.total }),
    },
  ];
}
