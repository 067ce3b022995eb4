import { TaskError } from '@hearken/core';
import { expect, it } from 'vitest';
import { describeWithRedis } from '../../../../tests/support/redis-server.js';
import type { AnyJob, ChildAnswer } from '../../src/child/messages.js';
import type { JobData } from '../../src/jobs/job-data.js';
import { queueOfModel } from '../../src/jobs/child-jobs.js';
import { matesKey, modelsKey } from '../../src/queue/names.js';
import { writeMates } from '../../src/submit/write-mates.node.js';
import { contentHash, rawQueues } from '../support/raw-queue.js';

const makeQueue = rawQueues();
const shards = [{ split: 'train', first: 0, clips: 1 }];
const campaign = '0123456789ab';

/** Answers like a workbench: what is missing is known from what was embedded. */
class Bench {
  readonly embedded = new Set<string>();
  /** The models of each embedding job. */
  readonly jobs: string[][] = [];

  constructor(readonly heavy: readonly string[] = []) {}

  readonly answer = (job: AnyJob): Promise<ChildAnswer> => Promise.resolve(this.#answer(job));

  #answer(job: AnyJob): ChildAnswer {
    const { name } = job.data.model;
    const lacks = (model: { readonly name: string }) => !this.embedded.has(model.name);
    if (job.kind === 'describe') return { sampleRate: 8000, channels: 1, isLight: !this.heavy.includes(name) };
    if (job.kind === 'embed') {
      const models = [name, ...(job.data.together ?? []).map((model) => model.name)];
      this.jobs.push(models);
      for (const model of models) this.embedded.add(model);
    }
    if (job.kind !== 'root') return null;
    if (!lacks(job.data.model)) return { step: 'end', results: [] };
    const { before = [], after = [] } = job.mates ?? {};
    if (before.some(lacks)) return { step: 'wait', contentHash };
    return { step: 'embed', contentHash, missing: 1, jobs: [shards], together: after.filter(lacks) };
  }
}

describeWithRedis('light models of a campaign', () => {
  const ways = [{ name: 'way', evaluation: { probe: 'linear', grid: 'faster', gridPoints: 1, seed: 0 } }] as const;

  /** Roots of some models on one task. */
  async function addRoots({ add, scope, open }: Awaited<ReturnType<typeof makeQueue>>, names: readonly string[]) {
    const roots = names.map((name) => ({ ...scope({ name }), taskId: 'one', ways: [...ways] })) as JobData<'root'>[];
    await writeMates(open.redis, campaign, roots);
    for (const root of roots) await open.redis.hset(modelsKey, queueOfModel(root), '{}');
    return Promise.all(roots.map((root, index) => add('root', root, `${campaign}.${index}`)));
  }

  it('have their embeddings computed by the jobs of one of them', async () => {
    const raw = await makeQueue();
    const roots = await addRoots(raw, ['a', 'b', 'heavy', 'c']);
    const bench = new Bench(['heavy']);
    const workers = [raw.worker(bench.answer, { untilIdle: true }), raw.worker(bench.answer, { untilIdle: true })];
    await Promise.all(workers.map(({ ended }) => ended));
    expect(bench.jobs.sort()).toEqual([['a', 'b', 'c'], ['heavy']]);
    for (const root of roots) expect(await root.getState()).toBe('completed');
  });

  it('go on without one of them whose root has failed', async () => {
    const raw = await makeQueue();
    const roots = await addRoots(raw, ['a', 'b', 'c']);
    const bench = new Bench();
    const failing = (job: AnyJob) =>
      job.kind === 'root' && job.data.model.name === 'a'
        ? Promise.reject(new TaskError({ asked: 'one', found: 'nothing', fix: 'none' }))
        : bench.answer(job);
    await raw.worker(failing, { untilIdle: true }).ended;
    expect(await roots[0].getState()).toBe('failed');
    expect(bench.jobs).toEqual([['b', 'c']]);
  });

  it('are not asked for if the server has something else in their place', async () => {
    const raw = await makeQueue();
    await addRoots(raw, ['a', 'b']);
    await raw.open.redis.hset(matesKey(campaign), raw.scope().task, '[{"index":"x"}]');
    const bench = new Bench();
    await raw.worker(bench.answer, { untilIdle: true }).ended;
    expect(bench.jobs.sort()).toEqual([['a'], ['b']]);
  });
});
