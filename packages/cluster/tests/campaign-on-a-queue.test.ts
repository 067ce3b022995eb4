import { copyFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCampaign } from '@hearken/bench/jobs';
import { expect, it } from 'vitest';
import { describeWithRedis } from '../../../tests/support/redis-server.js';
import type { RootResult } from '../src/status/campaign-record.js';
import { clusterKits, contentOf } from './support/cluster-kit.js';

const makeKit = clusterKits();
const weights = fileURLToPath(new URL('../../plugins-efficientat/tests/fixtures/mn01_as.pt', import.meta.url));

describeWithRedis('a campaign on a queue', () => {
  it('gives the files that a run gives, with three workers', async () => {
    const kit = await makeKit();
    const alone = { out: join(kit.folder, 'alone'), cache: join(kit.folder, 'alone cache') };
    await runCampaign(kit.campaign, alone);
    const { record, added } = await kit.submit();
    expect([record.roots, added]).toEqual([4, 4]);
    await kit.work(3);
    const roots = await kit.ended(record.id);
    const results = roots.map(({ returnvalue }) => returnvalue as RootResult);
    expect(results.map(({ failed }) => failed)).toEqual([[], [], [], []]);
    expect(results.map(({ results: paths }) => paths.length)).toEqual([2, 2, 2, 2]);
    const expected = await contentOf(alone.out);
    expect(Object.keys(expected).filter((name) => name.endsWith('.json'))).toHaveLength(8);
    expect(await contentOf(kit.out)).toEqual(expected);
    const left = await readdir(join(kit.cache, 'artifacts'), { recursive: true });
    expect(left.filter((name) => /\.part$|\.tmp$|\.record$/.test(name) && !name.startsWith('models'))).toEqual([]);

    // All is there: nothing is added, whether or not the queue remembers it.
    expect((await kit.submit()).added).toBe(0);

    // The cache can be computed again, and a result that was removed too.
    await rm(kit.cache, { recursive: true });
    await rm(kit.out, { recursive: true });
    expect((await kit.submit()).added).toBe(4);
    await kit.work(1);
    await kit.ended(record.id);
    expect(await contentOf(kit.out)).toEqual(expected);
  });

  it('fine-tunes a model, and saves the same weights as a run', async () => {
    const kit = await makeKit();
    const checkpoint = join(kit.folder, 'mn01_as.pt');
    await copyFile(weights, checkpoint);
    const finetune = { recipe: 'full', settings: { epochs: 2, batchSize: 4 } };
    const campaign = {
      models: [{ name: 'tagger', model: 'efficientat:mn01_as', checkpoint }],
      evaluations: [
        { name: 'full', probe: 'finetune', grid: 'default', gridPoints: 1, seed: 0, seeds: 1, finetune } as const,
      ],
    };
    const alone = { out: join(kit.folder, 'alone'), cache: join(kit.folder, 'alone cache') };
    await runCampaign({ ...kit.campaign, ...campaign, threads: 1 }, alone);
    const { record } = await kit.submit({ ...campaign, threads: 1 });
    await kit.work(1, { plugins: ['efficientat'] });
    const roots = await kit.ended(record.id);
    const [clips, events] = roots;
    expect((clips.returnvalue as RootResult).results).toHaveLength(1);
    expect(events.failedReason).toMatch(/recipes for whole clips/);
    const expected = await contentOf(alone.out);
    expect(Object.keys(expected).filter((name) => name.endsWith('.pt'))).toHaveLength(1);
    expect(await contentOf(kit.out)).toEqual(expected);
  });

  it('computes again what a change of a task affects, with the same worker', async () => {
    const kit = await makeKit({ isSmall: true });
    const { record } = await kit.submit();
    await kit.work();
    await rm(kit.out, { recursive: true });
    const ending = new AbortController();
    const working = kit.work(1, { untilIdle: false, abortSignal: ending.signal });
    const [task] = kit.campaign.tasks;
    const clip = join(task, '8000', 'test', '0.wav');
    // First the worker has the task open as it was.
    await kit.submit();
    await kit.ended(record.id);
    await copyFile(join(task, '8000', 'test', '2.wav'), clip);
    expect((await kit.submit()).added).toBe(1);
    await kit.ended(record.id);
    ending.abort();
    await working;
    const alone = join(kit.folder, 'alone');
    await runCampaign(kit.campaign, { out: alone, cache: join(kit.folder, 'alone cache') });
    const [expected, found] = [await contentOf(alone), await contentOf(kit.out)];
    for (const [name, content] of Object.entries(expected)) expect(Object.values(found), name).toContain(content);
  });
});
