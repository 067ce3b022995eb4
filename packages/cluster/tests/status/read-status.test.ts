import { expect, it } from 'vitest';
import { describeWithRedis } from '../../../../tests/support/redis-server.js';
import { campaignsKey, cancelledKey, modelsKey, rootsKey, workerKey } from '../../src/queue/names.js';
import type { WorkerRecord } from '../../src/status/campaign-record.js';
import { noRoots } from '../../src/status/read-roots.node.js';
import { statusText } from '../../src/commands/status-text.js';
import { readStatus } from '../../src/status/read-status.node.js';
import { ofModel, testQueues } from '../../../../tests/support/queued-campaign.js';

const newQueue = testQueues();

const worker: WorkerRecord = {
  ...{ id: 'w1', host: 'node1', process: 12, version: '0.1.0', slots: 2, provider: 'cpu' },
  ...{ startedAt: '2026-11-30T10:00:00.000Z', loads: 1 },
  running: [{ slot: 0, kind: 'embed', campaign: 'a', task: '/tasks/t', since: '2026-11-30T10:00:00.000Z' }],
};

describeWithRedis('readStatus', () => {
  it('has nothing to say of an empty queue', async () => {
    const { queue, server } = await newQueue();
    expect(await readStatus(queue)).toEqual({
      ...{ queue: server.url, notes: [], campaigns: [], older: 0, workers: [], strange: [] },
      queues: [{ name: 'work', waiting: 0, running: 0, delayed: 0, parents: 0, paused: false }],
    });
  });

  it('counts models on tasks by what is done for them, and their jobs', async () => {
    const { queue, submit, take, expand } = await newQueue();
    await submit('a', 7);
    const jobs = [];
    for (let index = 0; index < 6; index += 1) jobs.push(await take());
    await jobs[0].progress({ stage: 'describe' });
    await jobs[1].progress({ stage: 'manifest' });
    await expand(jobs[2].id, 'embed', 5);
    await (await take(ofModel)).complete({});
    await jobs[3].progress({ stage: 'score', done: 1, total: 3 });
    await jobs[4].complete({ results: ['/out/r.json'], failed: [] });
    await jobs[5].complete({ results: ['/out/s.json'], failed: [{ evaluation: 'linear', message: 'no label' }] });
    const { campaigns, queues } = await readStatus(queue);
    expect(campaigns).toHaveLength(1);
    expect(campaigns[0]).toMatchObject({
      ...{ id: 'a', name: 'name of a', state: 'running', moreFailures: 0 },
      counts: { ...noRoots(), preparing: 2, embedding: 1, scoring: 1, done: 1, failed: 1, waiting: 1 },
      jobs: { done: 2, total: 8 },
      failures: [{ model: 'mel', task: 't5', evaluation: 'linear', message: 'no label' }],
    });
    expect(queues).toEqual([
      { name: 'work', waiting: 1, running: 3, delayed: 0, parents: 1, paused: false },
      { name: ofModel, model: 'mel', provider: 'cpu', waiting: 4, running: 0, delayed: 0, parents: 0, paused: false },
    ]);
  });

  it('says which campaigns wait, have ended, and are cancelled, those with work first', async () => {
    const { queue, submit, take } = await newQueue();
    await submit('ended', 1, { submittedAt: '2026-11-30T12:00:00.000Z' });
    await (await take()).fail('the process was killed');
    await submit('waits', 1);
    await submit('gone', 0, { roots: 2 });
    await queue.redis.rpush(rootsKey('gone'), 'gone.0', 'gone.1');
    await queue.redis.sadd(cancelledKey, 'gone');
    const { campaigns } = await readStatus(queue);
    expect(campaigns.map(({ id, state }) => [id, state])).toEqual([
      ['waits', 'waiting'],
      ['ended', 'ended'],
      ['gone', 'cancelled'],
    ]);
    expect(campaigns[1].failures).toEqual([{ model: 'mel', task: 't0', message: 'the process was killed' }]);
    expect(campaigns[2].counts.removed).toBe(2);
  });

  it('shows the first failures of many, and reads many models on tasks', async () => {
    const { queue, submit, take } = await newQueue();
    await submit('a', 1200);
    for (let index = 0; index < 12; index += 1) await (await take()).fail(`reason ${index}`);
    const [campaign] = (await readStatus(queue)).campaigns;
    expect(campaign.counts).toEqual({ ...noRoots(), failed: 12, waiting: 1188 });
    expect([campaign.failures.length, campaign.moreFailures]).toEqual([10, 2]);
  });

  it('lists workers by machine', async () => {
    const { queue } = await newQueue();
    for (const [id, host, process] of [
      ['c', 'node2', 5],
      ['b', 'node1', 100],
      ['a', 'node1', 20],
    ] as const) {
      await queue.redis.set(workerKey(id), JSON.stringify({ ...worker, id, host, process, more: 1 }), 'EX', 100);
    }
    const { workers } = await readStatus(queue);
    expect(workers.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(workers[2]).toEqual({ ...worker, id: 'c', host: 'node2', process: 5 });
  });

  it('says which models on tasks no worker can do, and what to do', async () => {
    const { queue, submit } = await newQueue();
    await submit('a', 3);
    await queue.redis.hset('hearken:work:a.0', 'data', '{"model":');
    await queue.redis.hset('hearken:work:a.1', 'data', JSON.stringify({ model: '\u001B[2J' }));
    const [campaign] = (await readStatus(queue)).campaigns;
    expect(campaign).toMatchObject({ state: 'running', counts: { waiting: 1, unreadable: 2 } });
    const [one, other] = campaign.failures.map(({ parts }) => parts!);
    expect(one).toMatchObject({ asked: 'job a.0', found: 'data that is not JSON' });
    expect(other.found).toMatch(/^data that is none of Hearken's \(/);
    expect(one.fix).toContain('give the queue the campaign again');
  });

  it('says which queues are paused', async () => {
    const { queue, queues, submit } = await newQueue();
    await submit('a', 1);
    await queues.queue('work').pause();
    const status = await readStatus(queue);
    expect(status.queues.map(({ paused }) => paused)).toEqual([true, false]);
    expect(statusText(status)).toMatch(/^Paused: jobs without a model, .*redis-cli HDEL hearken:work:meta paused$/m);
  });

  it('believes nothing that has another form', async () => {
    const { queue, queues, submit, take } = await newQueue();
    const { redis } = queue;
    await submit('a', 3);
    const job = await take();
    await job.progress({ stage: 'nowhere' as 'embed' });
    await (await take()).complete({ results: '/etc/passwd' });
    await queues.queue('work').remove('a.2');
    await redis.hset('hearken:work:a.2', 'data', 'x'.repeat(2_000_000), 'progress', '[');
    await redis.rpush(rootsKey('a'), 'b.1', 'a.1', 'x'.repeat(5000), 'a.-1');
    await redis.hset(campaignsKey, 'b', '{"id":"c"}', '../x', '{}', 'big', 'x'.repeat(2_000_000));
    await redis.hset(modelsKey, 'work:../x', JSON.stringify({ model: 'm', provider: 'cpu' }), 'model-ab-cpu', '[]');
    await redis.set(workerKey('w'), JSON.stringify({ ...worker, slots: -1 }));
    await redis.set(workerKey('deep'), '['.repeat(100_000));
    const { campaigns, workers, queues: counted, strange } = await readStatus(queue);
    expect(campaigns).toHaveLength(1);
    expect(campaigns[0].counts).toEqual({ ...noRoots(), waiting: 2, failed: 1 });
    expect(campaigns[0].failures).toEqual([
      { model: 'mel', task: 't1', message: 'what its last job returned is not an outcome' },
    ]);
    expect(workers).toEqual([]);
    expect(counted.map(({ name }) => name)).toEqual(['work', ofModel]);
    expect(strange.toSorted()).toEqual([
      '3 under campaigns',
      'model queue "model-ab-cpu"',
      'model queue "work:../x"',
      'worker "deep"',
      'worker "w"',
    ]);
  });
});
