import { type Job, UnrecoverableError, type Worker } from 'bullmq';
import { afterEach } from 'vitest';
import { redisServers, type RedisServer } from './redis-server.js';
import { timeLimit } from './time-limit.js';
import { openQueue, type OpenQueue } from '../../packages/cluster/src/queue/connect.node.js';
import { campaignsKey, modelQueue, modelsKey, rootsKey, workQueue } from '../../packages/cluster/src/queue/names.js';
import { Queues } from '../../packages/cluster/src/queue/queues.node.js';
import type { CampaignRecord, RootProgress } from '../../packages/cluster/src/status/campaign-record.js';

/** The queue of a model, as a campaign names it. */
export const ofModel = modelQueue('mel', 'cpu');

const way = { name: 'linear', evaluation: { probe: 'linear', grid: 'faster', gridPoints: 1, seed: 0 } };

/** A server, and what a test does with its queues. */
export interface QueueOfTest {
  readonly server: RedisServer;
  readonly queue: OpenQueue;
  readonly queues: Queues;
  /** Writes a campaign with this many models on tasks `t0`, `t1` and so on. */
  readonly submit: (id: string, roots: number, record?: Partial<CampaignRecord>) => Promise<string[]>;
  /** Adds children of a root job, which then waits for them. Its job must have been taken. */
  readonly expand: (root: string, stage: RootProgress['stage'], children: number) => Promise<void>;
  /** Takes the next job of a queue, which then is running. */
  readonly take: (name?: string) => Promise<TakenJob>;
}

export interface TakenJob {
  readonly id: string;
  readonly progress: (progress: Partial<RootProgress>) => Promise<void>;
  readonly complete: (value: unknown) => Promise<void>;
  readonly fail: (reason: string) => Promise<void>;
}

/** A function that starts servers with queues, which end after each test. */
export function testQueues(): () => Promise<QueueOfTest> {
  const startServer = redisServers();
  const ends: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });
  return async () => {
    const server = await startServer();
    const { url, password } = server;
    const queue = await openQueue({ url, password }, { purpose: 'submit', cacheId: 'a', connectSeconds: 60 });
    const queues = new Queues(queue.redis);
    ends.push(async () => {
      await queues.close();
      await queue.close();
    });
    return { server, queue, queues, ...actions(queue, queues) };
  };
}

function actions({ redis }: OpenQueue, queues: Queues): Pick<QueueOfTest, 'submit' | 'expand' | 'take'> {
  const taken = new Map<string, Job>();
  const workers = new Map<string, Worker>();
  const token = 'token';
  const workerOf = (name: string) => {
    // However slow the test is, its jobs stay its own.
    const worker = workers.get(name) ?? queues.worker(name, { lockDuration: timeLimit });
    workers.set(name, worker);
    return worker;
  };
  return {
    async submit(id, roots, record = {}) {
      const submittedAt = new Date(0).toISOString();
      const whole: CampaignRecord = {
        ...{ id, name: `name of ${id}`, submittedAt, priority: 100, out: '/out', roots, version: '0.1.0' },
        ...record,
      };
      await redis.hset(campaignsKey, id, JSON.stringify(whole));
      await redis.hset(modelsKey, ofModel, JSON.stringify({ model: 'mel', provider: 'cpu' }));
      const ids = Array.from({ length: roots }, (_, index) => `${id}.${index}`);
      if (roots === 0) return ids;
      await redis.rpush(rootsKey(id), ...ids);
      await queues.queue(workQueue).addBulk(
        ids.map((jobId, index) => ({
          name: 'root',
          data: {
            // The ids of tests are shorter than those of campaigns.
            ...{ campaign: '0123456789ab', priority: 100, out: '/out', ways: [way], extensions: [] },
            model: { name: 'mel', model: 'baseline:mel' },
            task: `/tasks/t${index}`,
            taskId: `t${index}`,
          },
          opts: { jobId, priority: 1000 },
        })),
      );
      return ids;
    },
    async expand(root, stage, children) {
      const job = taken.get(root)!;
      await job.updateProgress({
        campaign: root.split('.')[0],
        model: 'mel',
        task: 't',
        stage,
        done: 0,
        total: children,
      });
      const { id } = job;
      await queues.queue(ofModel).addBulk(
        Array.from({ length: children }, (_, index) => ({
          name: 'embed',
          data: {},
          opts: { jobId: `${root}.embed.${index}`, priority: 5, parent: { id: id!, queue: `hearken:${workQueue}` } },
        })),
      );
      await job.moveToWaitingChildren(token);
    },
    async take(name = workQueue) {
      const job = await workerOf(name).getNextJob(token, { block: false });
      if (job?.id === undefined) throw new Error(`no job in queue ${name}`);
      taken.set(job.id, job);
      return {
        id: job.id,
        progress: (progress) =>
          job.updateProgress({
            ...{ campaign: job.id!.split('.')[0], model: 'mel', task: 't', stage: 'waiting', done: 0, total: 0 },
            ...progress,
          }),
        complete: async (value) => {
          await job.moveToCompleted(value, token, false);
        },
        fail: async (reason) => {
          await job.moveToFailed(new UnrecoverableError(reason), token, false);
        },
      };
    },
  };
}
