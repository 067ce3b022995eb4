import { setTimeout as wait } from 'node:timers/promises';
import { FileError, TaskError } from '@hearken/core';
import { expect, it } from 'vitest';
import { describeWithRedis } from '../../../../tests/support/redis-server.js';
import { ChildDied, JobChild } from '../../src/child/child-process.node.js';
import type { AnyJob, ChildSettings } from '../../src/child/messages.js';
import { cancelledKey, modelsKey } from '../../src/queue/names.js';
import { contentHash, rawQueues } from '../support/raw-queue.js';

const makeQueue = rawQueues();
const shards = [{ split: 'train', first: 0, clips: 1 }];
const nothing = () => Promise.resolve(null);

describeWithRedis('a worker', () => {
  it('stays with a model as long as there is work for it', async () => {
    const { add, scope, worker } = await makeQueue();
    for (let job = 0; job < 40; job += 1) {
      for (const name of ['a', 'b', 'c']) await add('embed', { ...scope({ name }), contentHash, shards });
    }
    const answer = () => wait(1, null);
    const workers = [worker(answer, { untilIdle: true }), worker(answer, { untilIdle: true })];
    await Promise.all(workers.map(({ ended }) => ended));
    const loads = workers.flatMap(({ runners }) => runners.map((runner) => runner.loads));
    expect(loads.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(6);
  });

  it('without a GPU leaves alone what needs one, and says so', async () => {
    const { add, scope, worker, until, said } = await makeQueue();
    const model = { name: 'm', model: 'baseline', provider: 'cuda' } as const;
    const onGpu = await add('embed', { ...scope({ model }), contentHash, shards });
    const onCpu = await add('embed', { ...scope(), contentHash, shards });
    const done: AnyJob[] = [];
    const answer = (job: AnyJob) => {
      done.push(job);
      return nothing();
    };
    await worker(answer, { untilIdle: true }).ended;
    expect(await onCpu.getState()).toBe('completed');
    expect(await onGpu.getState()).toBe('prioritized');
    expect(said.at(-1)).toMatch(/^Nothing is left that this worker can do. It leaves 1 job of models on a GPU \(m\): /);
    expect(said.at(-1)).toContain("'hearken worker --provider cuda'");
    worker(answer, { provider: 'cuda' });
    await until(async () => (await onGpu.getState()) === 'completed');
    expect(done).toHaveLength(2);
  });

  it('does the jobs of an urgent campaign first, and those that end something before those that begin something', async () => {
    const { add, scope, worker } = await makeQueue();
    const urgent = { campaign: 'ffffffffffff', priority: 1 };
    const way = { name: 'linear', evaluation: { probe: 'linear', grid: 'faster', gridPoints: 1, seed: 0 } } as const;
    await add('embed', { ...scope({ name: 'a' }), contentHash, shards });
    await add('train', { ...scope(), contentHash, way, part: { stage: 'grid', index: 0 } });
    await add('score', { ...scope(), contentHash, way });
    await add('embed', { ...scope({ name: 'b', ...urgent }), contentHash, shards });
    const done: string[] = [];
    await worker(
      (job) => {
        done.push(`${job.kind} ${job.data.priority}`);
        return nothing();
      },
      { untilIdle: true },
    ).ended;
    expect(done).toEqual(['embed 1', 'score 100', 'train 100', 'embed 100']);
  });

  it('tries a job again whose process died, and not one whose input is wrong', async () => {
    const { add, scope, worker, until, said, queues } = await makeQueue();
    const dying = await add('embed', { ...scope({ name: 'dying' }), contentHash, shards });
    const wrong = await add('embed', { ...scope({ name: 'wrong' }), contentHash, shards });
    const times: Record<string, number> = {};
    worker((job) => {
      const { name } = job.data.model;
      times[name] = (times[name] ?? 0) + 1;
      const parts = { asked: "clip 'x.wav'", found: 'no sound', fix: 'repair it' };
      return Promise.reject(name === 'wrong' ? new TaskError(parts) : new ChildDied(parts));
    });
    await until(async () => (await dying.getState()) === 'failed' && (await wrong.getState()) === 'failed');
    expect(times).toEqual({ dying: 3, wrong: 1 });
    expect(said.some((line) => line.includes("clip 'x.wav': no sound; repair it"))).toBe(true);
    const stored = await queues.queue(wrong.queueName).getJob(wrong.id!);
    expect(stored?.failedReason).toBe("clip 'x.wav'\n  found:  no sound\n  to do:  repair it");
    // Where in the plugin it happened.
    expect(stored?.stacktrace?.join('\n')).toContain('worker.test.ts');
  });

  it.each([
    ['a plugin', { model: { name: 'm', model: '/tmp/plugin.mjs:x' } }, '--plugin'],
    ['a task', { task: '/etc' }, '--tasks'],
    ['a task through ..', { task: 'TASKS/../../etc' }, '--tasks'],
    ['a results folder', { out: '/tmp/elsewhere' }, '--out'],
    ['a checkpoint', { model: { name: 'm', model: 'baseline', checkpoint: '/etc/passwd' } }, '--models'],
    ['a path in options', { model: { name: 'm', model: 'baseline', options: { labels: '/etc/passwd' } } }, '--models'],
    ['an extension', { extensions: [contentHash] }, '--extension'],
  ])('refuses a job with %s that it was not started with', async (_, more, option) => {
    const { add, scope, worker, until, folder, queues } = await makeQueue();
    const text = JSON.stringify(more).replace('TASKS', `${folder}/tasks`);
    const job = await add('manifest', scope(JSON.parse(text) as typeof more));
    let begun = 0;
    worker(() => {
      begun += 1;
      return nothing();
    });
    await until(async () => (await job.getState()) === 'failed');
    const failed = await queues.queue('work').getJob(job.id!);
    expect(failed?.failedReason).toContain(option);
    expect(begun).toBe(0);
  });

  it('leaves a job that it was not started for to a worker that was', async () => {
    const { add, scope, worker, until, folder, said } = await makeQueue();
    const job = await add('manifest', scope());
    worker(nothing, { tasks: [`${folder}/elsewhere`], refusedMilliseconds: 600_000 });
    await until(() => said.some((line) => line.includes('--tasks')));
    worker(nothing);
    await until(() => job.isCompleted());
  });

  it('refuses a job that is not what its kind must be', async () => {
    const { add, scope, worker, until } = await makeQueue();
    const job = await add('manifest', { ...scope(), more: 1 } as ReturnType<typeof scope>);
    worker(nothing);
    await until(async () => (await job.getState()) === 'failed');
  });

  it('leaves alone what is not the queue of a model, and says little of a job with endless names', async () => {
    const { add, scope, open, queues, worker, until, said } = await makeQueue();
    for (const name of ['a:b-cpu', 'model-../../x-cpu', `${'x'.repeat(5000)}-cpu`]) {
      await open.redis.hset(modelsKey, name, '{}');
    }
    const strange = await queues.queue('work').add('\u001B[31m'.repeat(2000), null, { jobId: 'i'.repeat(5000) });
    const job = await add('manifest', scope());
    worker(nothing);
    await until(async () => (await strange.getState()) === 'failed' && (await job.getState()) === 'completed');
    const about = said.filter((line) => line.includes('unknown kind'));
    expect(about).toHaveLength(1);
    expect(about[0].length).toBeLessThan(2500);
    expect(about[0]).not.toContain('\u001B');
  });

  it('says once why the server gives it no jobs, and goes on when it does', async () => {
    const { add, scope, open, worker, until, said } = await makeQueue();
    await open.redis.set('hearken:work:wait', 'of another program');
    worker(nothing);
    const about = () => said.filter((line) => line.startsWith('no jobs can be taken'));
    await until(() => about().length > 0);
    await wait(500);
    expect(about()).toEqual([expect.stringContaining('use a database of its own')]);
    await open.redis.del('hearken:work:wait');
    const job = await add('manifest', scope());
    await until(async () => (await job.getState()) === 'completed');
  });

  it('says that a queue is paused, goes on with others, and waits for it', async () => {
    const { add, scope, open, queues, worker, until, said } = await makeQueue();
    await queues.queue('work').pause();
    const waiting = await add('manifest', scope());
    const other = await add('embed', { ...scope({ priority: 1000 }), contentHash, shards });
    const { ended } = worker(nothing, { untilIdle: true });
    const about = () => said.filter((line) => line.startsWith("Queue 'work'"));
    await until(async () => about().length === 1 && (await other.getState()) === 'completed');
    expect(about()[0]).toMatch(/is paused, and gives no jobs; .*redis-cli HDEL hearken:work:meta paused$/);
    await wait(2500);
    // As the message says.
    await open.redis.hdel('hearken:work:meta', 'paused');
    expect(await ended).toBe(0);
    expect(await waiting.getState()).toBe('completed');
    expect(about().slice(1)).toEqual(["Queue 'work' goes on."]);
  });

  it('gives a job back and takes no more while the disk is full', async () => {
    const { add, scope, worker, until, said } = await makeQueue();
    const job = await add('manifest', scope());
    const cause = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const full = new FileError({ asked: "to write 'x'", found: 'the disk is full', fix: 'free some space', cause });
    const first = worker(() => Promise.reject(full));
    await until(() => said.some((line) => line.startsWith('paused: ')));
    expect(['prioritized', 'waiting']).toContain(await job.getState());
    expect(first.runners).toHaveLength(1);
    worker(nothing);
    await until(async () => (await job.getState()) === 'completed');
  });

  it('gives its jobs back when it is stopped', async () => {
    const { add, scope, worker, until } = await makeQueue();
    const job = await add('manifest', scope());
    const { end, ended } = worker(() => wait(60_000, null));
    await until(async () => (await job.getState()) === 'active');
    await end();
    expect(await ended).toBe(130);
    expect(['prioritized', 'waiting']).toContain(await job.getState());
  });

  it('ends when it is stopped while the server is away', async () => {
    const { add, scope, server, worker, until, said } = await makeQueue();
    const job = await add('manifest', scope());
    const { end, ended } = worker(() => wait(60_000, null));
    await until(async () => (await job.getState()) === 'active');
    await server.kill();
    await end();
    expect(said).toContainEqual(expect.stringMatching(/^The server does not answer: .* one to two minutes/));
    expect(await ended).toBe(130);
    await server.start();
  });

  it('says what it does, and that nothing is left', async () => {
    const { server, worker, said } = await makeQueue();
    await worker(nothing, { untilIdle: true }).ended;
    expect(said).toEqual([
      `Worker for the queue ${server.url}: 1 job at a time, models on the CPU.`,
      'Nothing is left to do.',
    ]);
  });

  it('does the jobs of a campaign that was cancelled and is submitted again at once', async () => {
    const { add, scope, open, worker, until } = await makeQueue();
    const { campaign } = scope();
    await open.redis.sadd(cancelledKey, campaign);
    worker(nothing);
    await until(async () => (await open.redis.keys('hearken:workers:*')).length > 0);
    await open.redis.srem(cancelledKey, campaign);
    const job = await add('manifest', scope());
    await until(async () => job.isCompleted().then(async (done) => done || job.isFailed()));
    expect(await job.getState()).toBe('completed');
  });

  it('says which folder of tasks is not there', async () => {
    const { folder, worker, said, until } = await makeQueue();
    worker(nothing, { tasks: [folder, `${folder}/mistyped`] });
    await until(() => said.length > 1);
    expect(said[0]).toBe(`Note: folder of tasks '${folder}/mistyped': nothing of that name; check --tasks.`);
  });

  it('fails a job that every worker that takes it is lost with', async () => {
    const { add, scope, queues, worker, until } = await makeQueue();
    const job = await add('manifest', scope());
    const lost = queues.worker('work', { lockDuration: 100, stalledInterval: 100, maxStalledCount: 2 });
    await lost.startStalledCheckTimer();
    for (let times = 0; times < 3; times += 1) {
      await until(async () => ((await lost.getNextJob(`token ${times}`, { block: false })) as unknown) !== undefined);
    }
    // Only that checker counts to two.
    await until(async () => ((await queues.queue('work').getJob(job.id!))?.stalledCounter ?? 0) === 3);
    await lost.close();
    worker(nothing, { lockDuration: 400 });
    await until(async () => (await job.getState()) === 'failed');
  });

  it('keeps a job whose process is blocked for much longer than a lock lasts', async () => {
    const { add, scope, worker, until, said, queues } = await makeQueue();
    const job = await add('manifest', scope({ priority: 1000 }));
    const program = { url: new URL('../support/blocking-child.mjs', import.meta.url), execArgv: [] };
    const makeRunner = (settings: ChildSettings) => new JobChild(settings, program);
    // The second one would take over what the first one does not renew.
    for (let count = 0; count < 2; count += 1) worker(nothing, { lockDuration: 200, makeRunner });
    await until(() => job.isCompleted());
    expect(said.filter((line) => line.includes('taken over'))).toEqual([]);
    expect(await job.getState()).toBe('completed');
    const { attemptsStarted, stalledCounter } = (await queues.queue('work').getJob(job.id!))!;
    expect([attemptsStarted, stalledCounter]).toEqual([1, 0]);
  });

  it('stops a job of a campaign that is cancelled, and takes no other one of it', async () => {
    const { add, scope, worker, until, open } = await makeQueue();
    const job = await add('manifest', scope());
    const next = await add('manifest', scope());
    let begun = 0;
    worker(() => {
      begun += 1;
      return wait(600_000, null);
    });
    await until(() => begun === 1);
    await open.redis.sadd(cancelledKey, scope().campaign);
    await until(async () => (await job.isFailed()) && (await next.isFailed()));
    expect(begun).toBe(1);
  });
});
