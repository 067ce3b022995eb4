import { copyFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openStore, runCampaign } from '@hearken/bench/jobs';
import { expect, it } from 'vitest';
import { describeWithRedis } from '../../../tests/support/redis-server.js';
import { s3Servers } from '../../artifacts/tests/s3-server.js';
import { storeUrl } from '../../artifacts/tests/s3-store.js';
import { runOnQueue } from '../src/index.js';
import { runWorkerWith } from '../src/worker/run-worker.node.js';
import { childRunner } from './support/child-runner.js';
import { clusterKits, contentOf } from './support/cluster-kit.js';

const makeKit = clusterKits();
const makeStore = s3Servers();

describeWithRedis('workers that share a store and no cache', () => {
  it('give the files that a run gives', async () => {
    const kit = await makeKit({ isSmall: true });
    const server = await makeStore();
    const store = storeUrl(server, 'campaigns');
    const alone = join(kit.folder, 'alone');
    await runCampaign(kit.campaign, { out: alone, cache: join(kit.folder, 'alone cache') });

    const { address } = kit.worker();
    const [mine, one, two] = ['mine', 'one', 'two'].map((name) => join(kit.folder, name));
    const submit = { out: kit.out, cache: mine, store, detach: true, say: () => undefined };
    await runOnQueue(address, kit.campaign, kit.tasks, submit);
    const parts = { makeRunner: childRunner };
    // A worker with another store would look for what others computed in vain.
    const other = kit.worker({ cache: one, store: storeUrl(server, 'other'), untilIdle: true });
    await expect(runWorkerWith(other, parts)).rejects.toHaveProperty('reason', 'other-cache');
    const workers = [one, two].map((cache) =>
      runWorkerWith(kit.worker({ cache, store, untilIdle: true, slots: 1 }), parts),
    );
    await Promise.all(workers);
    expect(await contentOf(kit.out)).toEqual(await contentOf(alone));
    expect([...server.objects.keys()].some((key) => key.includes('/embeddings/'))).toBe(true);
    // The folder in the cache is not used, only the one with copies.
    expect(await readdir(one)).not.toContain('artifacts');

    // A run elsewhere finds what the workers have computed.
    const elsewhere = { out: join(kit.folder, 'elsewhere'), artifacts: await openStore(mine, store) };
    const outcomes = await runCampaign(kit.campaign, { ...elsewhere, cache: mine });
    const results = outcomes.map((outcome) => ('result' in outcome ? outcome.result : undefined));
    expect(results.map((result) => result?.cachedClips)).toEqual([24, 12]);
    expect(await contentOf(elsewhere.out)).toEqual(await contentOf(alone));
  });

  it('fetch a checkpoint that is not on their machine', async () => {
    const kit = await makeKit({ isSmall: true });
    const store = storeUrl(await makeStore(), 'campaigns');
    const checkpoint = join(kit.folder, 'mn01_as.pt');
    await copyFile(new URL('../../plugins-efficientat/tests/fixtures/mn01_as.pt', import.meta.url), checkpoint);
    const [task] = kit.tasks;
    const models = [{ name: 'mn01', model: 'efficientat:mn01_as', checkpoint }];
    const campaign = { ...kit.campaign, models, tasks: [task.folder] };
    const alone = join(kit.folder, 'alone');
    await runCampaign(campaign, { out: alone, cache: join(kit.folder, 'alone cache') });

    const { address } = kit.worker();
    const submit = { out: kit.out, cache: kit.cache, store, detach: true, say: () => undefined };
    await runOnQueue(address, campaign, [task], submit);
    await rm(checkpoint);
    const cache = join(kit.folder, 'elsewhere');
    const worker = kit.worker({ cache, store, plugins: ['efficientat'], untilIdle: true });
    await runWorkerWith(worker, { makeRunner: childRunner });
    expect(await contentOf(kit.out)).toEqual(await contentOf(alone));
  });
});
