import { expect, it } from 'vitest';
import { describeWithRedis } from '../../../../tests/support/redis-server.js';
import { forgetModelQueues, forgetModelQueuesInTurn, nameModelQueue } from '../../src/queue/model-queues.node.js';
import { modelsKey } from '../../src/queue/names.js';
import { rawQueues } from '../support/raw-queue.js';

const makeQueue = rawQueues();
const name = 'model-0123456789abcdef-cpu';
const of = { model: 'm', provider: 'cpu' } as const;

describeWithRedis('forgetModelQueues', () => {
  it('removes a queue without jobs, with its ended jobs and all of its keys', async () => {
    const { open, queues } = await makeQueue();
    const { redis } = open;
    await nameModelQueue(redis, name, of);
    const queue = queues.queue(name);
    await queue.add('describe', {}, { jobId: 'c.describe.x' });
    const worker = queues.worker(name);
    const job = await worker.getNextJob('token', { block: false });
    await job.moveToCompleted({ sampleRate: 8000 }, 'token', false);
    // A root may still ask what came of it.
    expect(await forgetModelQueues(redis, [name])).toBe(0);
    expect(await redis.hexists(modelsKey, name)).toBe(1);
    expect(await forgetModelQueues(redis, [name], -10)).toBe(1);
    expect(await redis.hexists(modelsKey, name)).toBe(0);
    expect(await redis.keys(`hearken:${name}:*`)).toEqual([]);
  });

  it.each([
    ['waiting', {}],
    ['prioritized', { priority: 5 }],
    ['delayed', { delay: 1e9 }],
  ])('leaves a queue with a %s job', async (_, options) => {
    const { open, queues } = await makeQueue();
    await nameModelQueue(open.redis, name, of);
    await queues.queue(name).add('embed', {}, options);
    expect(await forgetModelQueues(open.redis, [name], -10)).toBe(0);
    if (!('delay' in options)) {
      await queues.worker(name).getNextJob('token', { block: false });
      expect(await forgetModelQueues(open.redis, [name], -10)).toBe(0);
    }
    expect(await open.redis.hexists(modelsKey, name)).toBe(1);
  });

  it('loses no queue to which jobs are added at the same time', async () => {
    const { open, queues } = await makeQueue();
    const { redis } = open;
    const queue = queues.queue(name);
    let isAdding = true;
    const forgetting = (async () => {
      let forgotten = 0;
      while (isAdding) forgotten += await forgetModelQueues(redis, [name], -10);
      return forgotten;
    })();
    for (let round = 0; round < 200; round += 1) {
      await queue.add('embed', {}, { jobId: `j${round}` });
      await nameModelQueue(redis, name, of);
      expect(await redis.hexists(modelsKey, name)).toBe(1);
      await queue.remove(`j${round}`);
      if (round % 2 === 0) await redis.ping();
    }
    isAdding = false;
    expect(await forgetting).toBeGreaterThan(0);
  });

  it('is done by one of several workers', async () => {
    const { open } = await makeQueue();
    let times = 0;
    const names = () => {
      times += 1;
      return Promise.resolve([]);
    };
    for (let worker = 0; worker < 3; worker += 1) await forgetModelQueuesInTurn(open.redis, names);
    expect(times).toBe(1);
  });
});
