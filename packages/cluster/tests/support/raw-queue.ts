import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Job } from 'bullmq';
import { afterEach } from 'vitest';
import { type RedisServer, redisServers } from '../../../../tests/support/redis-server.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { cacheId, openQueue, type OpenQueue, type WorkerOptions } from '../../src/index.js';
import { runWorkerWith } from '../../src/worker/run-worker.node.js';
import type { WorkerParts } from '../../src/worker/worker-options.js';
import type { JobCalls } from '../../src/child/child-process.node.js';
import type { AnyJob, ChildAnswer } from '../../src/child/messages.js';
import type { JobData, JobKind, JobScope } from '../../src/jobs/job-data.js';
import { jobPriority } from '../../src/jobs/priorities.js';
import { modelsKey } from '../../src/queue/names.js';
import { Queues } from '../../src/queue/queues.node.js';
import { queueOfModel } from '../../src/jobs/child-jobs.js';
import { MadeRunner } from './made-runner.js';

/** A queue whose jobs are made up and done by functions. */
export interface RawQueue {
  readonly server: RedisServer;
  readonly folder: string;
  readonly open: OpenQueue;
  readonly queues: Queues;
  readonly scope: (more?: Partial<JobScope> & { readonly name?: string }) => JobScope;
  /** Adds a job and returns it. */
  readonly add: <Kind extends JobKind>(kind: Kind, data: JobData<Kind>, id?: string) => Promise<Job>;
  /** Starts a worker; it ends after the test, or when `end` is called. */
  readonly worker: (
    answer: (job: AnyJob, calls: JobCalls) => Promise<ChildAnswer>,
    more?: Partial<WorkerOptions> & WorkerParts,
  ) => { readonly ended: Promise<number>; readonly end: () => Promise<void>; readonly runners: readonly MadeRunner[] };
  readonly said: readonly string[];
  /** Resolves when a condition holds. */
  readonly until: (holds: () => Promise<boolean> | boolean) => Promise<void>;
}

export const contentHash = 'a'.repeat(64);

/** A function that makes queues, which end after each test. */
export function rawQueues(): () => Promise<RawQueue> {
  const servers = redisServers();
  const folders = temporaryFolders();
  const ends: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });
  return async () => {
    const server = await servers();
    const folder = await folders();
    const address = { url: server.url, password: server.password };
    const [out, cache, tasks] = ['out', 'cache', 'tasks'].map((name) => join(folder, name));
    await mkdir(tasks);
    const open = await openQueue(address, { purpose: 'submit', cacheId: await cacheId(cache) });
    const queues = new Queues(open.redis);
    ends.push(async () => {
      await queues.close();
      await open.close();
    });
    const said: string[] = [];
    return {
      ...{ server, folder, open, queues, said },
      scope: ({ name = 'm', ...more } = {}) => ({
        ...{ campaign: '0123456789ab', priority: 100, model: { name, model: 'baseline' } },
        ...{ task: join(tasks, 'one'), out, extensions: [] },
        ...more,
      }),
      add: async (kind, data, id) => {
        const needsModel = kind === 'describe' || kind === 'embed';
        const queue = needsModel ? queueOfModel(data) : 'work';
        const { name: model, provider = 'cpu' } = data.model;
        if (needsModel) await open.redis.hset(modelsKey, queue, JSON.stringify({ model, provider }));
        const options = { priority: jobPriority(kind, data), attempts: 3, ...(id === undefined ? {} : { jobId: id }) };
        return await queues.queue(queue).add(kind, data, options);
      },
      worker: (answer, more = {}) => {
        const ending = new AbortController();
        const runners: MadeRunner[] = [];
        const { lockDuration, refusedMilliseconds = 10, makeRunner: given, ...options } = more;
        const makeRunner = () => {
          const runner = new MadeRunner(answer);
          runners.push(runner);
          return runner;
        };
        const ended = runWorkerWith(
          {
            ...{ address, tasks: [tasks], models: [folder], out, cache, slots: 1, provider: 'cpu' },
            ...{ plugins: ['baseline'], extensions: [], untilIdle: false, abortSignal: ending.signal },
            say: (line) => said.push(line),
            ...options,
          },
          {
            makeRunner: given ?? makeRunner,
            refusedMilliseconds,
            ...(lockDuration === undefined ? {} : { lockDuration }),
          },
        );
        const end = async () => {
          ending.abort();
          await ended;
        };
        ends.push(end);
        return { ended, end, runners };
      },
      until: async (holds) => {
        while (!(await holds())) await wait(20);
      },
    };
  };
}
