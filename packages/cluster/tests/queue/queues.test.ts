import { afterEach, expect, it } from 'vitest';
import { describeWithRedis, redisServers } from '../../../../tests/support/redis-server.js';
import { openQueue, type OpenQueue } from '../../src/queue/connect.node.js';
import { aboutKey, modelQueue, workQueue } from '../../src/queue/names.js';
import { claimQueue } from '../../src/queue/queue-users.node.js';
import { Queues } from '../../src/queue/queues.node.js';

const startServer = redisServers();
const opened: OpenQueue[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((queue) => queue.close()));
});

async function open(): Promise<OpenQueue> {
  const queue = await openQueue(await startServer(), { purpose: 'worker', connectSeconds: 60 });
  opened.push(queue);
  return queue;
}

it('has one queue for each model and provider, with a name that BullMQ accepts', () => {
  const names = [
    modelQueue('a:b', 'cpu'),
    modelQueue('a:b', 'cuda'),
    modelQueue('a:c', 'cpu'),
    modelQueue('x'.repeat(10_000), 'cpu'),
  ];
  for (const name of names) expect(name).toMatch(/^model-[0-9a-f]{16}-(?:cpu|cuda)$/);
  expect(new Set(names).size).toBe(names.length);
  expect(modelQueue('a:b', 'cpu')).toBe(names[0]);
});

describeWithRedis('Queues', () => {
  it('give out jobs one by one, by their priority, over one connection', async () => {
    const { redis } = await open();
    const queues = new Queues(redis);
    const queue = queues.queue(workQueue);
    expect(queues.queue(workQueue)).toBe(queue);
    await queue.add('late', { number: 1 }, { priority: 100 });
    await queue.add('early', { number: 2 }, { priority: 1 });
    const workers = [queues.worker(workQueue), queues.worker(modelQueue('a', 'cpu'))];
    const job = await workers[0].getNextJob('token', { block: false });
    expect([job.name, job.data]).toEqual(['early', { number: 2 }]);
    expect(await workers[1].getNextJob('token', { block: false })).toBeUndefined();
    await job.moveToCompleted({ done: true }, 'token', false);
    expect(await queue.getJobCounts('completed', 'prioritized')).toEqual({ completed: 1, prioritized: 1 });
    const clients = String(await redis.client('LIST'))
      .trim()
      .split('\n');
    expect(clients.filter((line) => !line.includes('cmd=ping'))).toHaveLength(1);
    await queues.close();
    expect(redis.status).toBe('ready');
  });

  it('add jobs with those that they wait for', async () => {
    const { redis } = await open();
    const queues = new Queues(redis);
    const model = modelQueue('a', 'cpu');
    await queues.flows.add({
      name: 'root',
      queueName: workQueue,
      opts: { jobId: 'c.1' },
      children: [{ name: 'embed', queueName: model, opts: { jobId: 'c.1.embed.x' } }],
    });
    const [root, child] = [queues.worker(workQueue), queues.worker(model)];
    expect(await root.getNextJob('token', { block: false })).toBeUndefined();
    const embed = await child.getNextJob('token', { block: false });
    await embed.moveToCompleted('done', 'token', false);
    expect((await root.getNextJob('token', { block: false })).id).toBe('c.1');
    await queues.close();
  });

  it('go on after the server was killed and has lost its data', async () => {
    const server = await startServer();
    const queue = await openQueue(server, { purpose: 'worker', cacheId: 'a', connectSeconds: 60 });
    opened.push(queue);
    const queues = new Queues(queue.redis);
    const worker = queues.worker(workQueue);
    await queues.queue(workQueue).add('lost', {});
    await server.kill();
    await server.wipe();
    const waiting = worker.getNextJob('token', { block: false });
    await server.start();
    expect(await waiting).toBeUndefined();
    await queues.queue(workQueue).add('found', {});
    expect((await worker.getNextJob('token', { block: false })).name).toBe('found');
    // The workers that went on without it say again whose the queue is.
    await claimQueue(queue.redis, queue.shown, 'a');
    expect(await queue.redis.hget(aboutKey, 'cache')).toBe('a');
    await queues.close();
  });

  it('can be closed and opened again on the same connection', async () => {
    const { redis } = await open();
    for (let round = 0; round < 3; round += 1) {
      const queues = new Queues(redis);
      await queues.queue(workQueue).add('job', {});
      await queues.worker(workQueue).startStalledCheckTimer();
      await queues.close();
    }
    expect(await new Queues(redis).queue(workQueue).getWaitingCount()).toBe(3);
    expect(redis.listenerCount('error')).toBeLessThan(10);
  });
});
