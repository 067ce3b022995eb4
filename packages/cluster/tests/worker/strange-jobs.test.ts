import { setTimeout as wait } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { describeWithRedis } from '../../../../tests/support/redis-server.js';
import { repairJob } from '../../src/worker/repair-job.node.js';
import { contentHash, rawQueues } from '../support/raw-queue.js';

const makeQueue = rawQueues();
const nothing = () => Promise.resolve(null);
const key = 'hearken:work:strange';

describeWithRedis('a worker', () => {
  it.each(['data', 'opts'])('refuses a job whose %s is not JSON, and ends when nothing else is left', async (field) => {
    const { add, scope, worker, open, queues, said } = await makeQueue();
    const job = await add('manifest', scope(), 'strange');
    const good = await add('manifest', scope());
    await open.redis.hset(key, field, '[');
    if (field === 'opts') await open.redis.hset(key, 'data', '{}');
    expect(await worker(nothing, { untilIdle: true }).ended).toBe(0);
    expect(said).toContain('job strange: it cannot be read');
    expect(await good.getState()).toBe('completed');
    expect(await job.getState()).toBe('failed');
    const { failedReason } = (await queues.queue('work').getJob('strange'))!;
    expect(failedReason).toMatch(/^a job of kind 'manifest'\n {2}found: {2}.*\n {2}to do: {2}give the queue/);
  });

  it.each([
    ['progress', '['],
    ['parent', '['],
    ['ats', 'many'],
  ])('does a job whose %s cannot be read', async (field, value) => {
    const { add, scope, worker, open } = await makeQueue();
    const job = await add('manifest', scope(), 'strange');
    await open.redis.hset(key, field, value);
    await worker(nothing, { untilIdle: true }).ended;
    expect(await job.getState()).toBe('completed');
  });

  it('finds a job that cannot be read behind one that it has just done', async () => {
    const { add, scope, worker, open, until } = await makeQueue();
    const first = await add('manifest', scope());
    const strange = await add('manifest', scope(), 'strange');
    const done: string[] = [];
    worker(async (job) => {
      done.push(job.kind);
      if (done.length === 1) await open.redis.hset(key, 'data', '[');
      return null;
    });
    await until(async () => (await strange.getState()) === 'failed');
    expect(await first.getState()).toBe('completed');
    expect(done).toEqual(['manifest']);
  });

  it('tells a root that one of its jobs could not be read', async () => {
    const { scope, worker, open, queues } = await makeQueue();
    const root = { id: '0123456789ab.0', queue: 'hearken:work' };
    const queue = queues.queue('work');
    await queue.add('root', {}, { jobId: root.id, delay: 1e9 });
    const way = { name: 'linear', evaluation: { probe: 'linear', grid: 'faster', gridPoints: 1, seed: 0 } };
    const data = { ...scope(), contentHash, way };
    const options = { jobId: `${root.id}.score.0`, parent: root, ignoreDependencyOnFailure: true, removeOnFail: true };
    await queue.add('score', data, options);
    await open.redis.hset(`hearken:work:${options.jobId}`, 'opts', '[', 'data', '[');
    worker(nothing);
    while ((await open.redis.exists(`hearken:work:${root.id}:failed`)) === 0) await wait(20);
    const failures = await (await queue.getJob(root.id))!.getIgnoredChildrenFailures();
    expect(Object.values(failures)).toEqual([expect.stringMatching(/^a job of kind 'score'\n/)]);
  });

  it('is not kept from ending by entries that are no jobs', async () => {
    const { worker, open } = await makeQueue();
    await open.redis.rpush('hearken:work:active', 'of another program', 'foreign');
    await open.redis.set('hearken:work:foreign', 'x');
    expect(await worker(nothing, { untilIdle: true }).ended).toBe(0);
  });
});

describeWithRedis('repairJob', () => {
  async function taken(change?: (redis: Redis) => Promise<unknown>) {
    const { add, scope, open, queues } = await makeQueue();
    const job = await add('manifest', scope(), 'strange');
    const taker = queues.worker('work');
    await taker.getNextJob('mine', { block: false });
    await change?.(open.redis);
    return { job, taker, redis: open.redis };
  }

  it('leaves jobs alone that belong to others, or that the token belonged to before', async () => {
    const { job, redis } = await taken();
    expect(await repairJob(redis, 'work', 'other')).toBeUndefined();
    expect(await repairJob(redis, 'work', 'mine', 'strange')).toBeUndefined();
    expect(await job.getState()).toBe('active');
  });

  it('gives back a job that it can read, and lets it fail after some times', async () => {
    const { job, taker, redis } = await taken();
    for (let times = 1; times < 5; times += 1) {
      expect(await repairJob(redis, 'work', 'mine')).toBe('strange');
      expect(await job.getState()).toBe('waiting');
      await taker.getNextJob('mine', { block: false });
    }
    await repairJob(redis, 'work', 'mine');
    expect(await job.getState()).toBe('failed');
  });

  it('removes an entry that is no job', async () => {
    const { redis } = await taken(async (server) => {
      await server.del(key);
      await server.set(key, 'x');
    });
    await repairJob(redis, 'work', 'mine');
    expect(await redis.llen('hearken:work:active')).toBe(0);
    expect(await redis.get(key)).toBe('x');
  });
});
