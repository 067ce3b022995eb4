import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Random } from '@hearken/metrics';
import { beforeEach, expect, it } from 'vitest';
import { runCampaign } from '@hearken/bench/jobs';
import { encodeWav } from '@hearken/signals';
import { describeWithRedis } from '../../../tests/support/redis-server.js';
import { tcpProxies } from '../../../tests/support/tcp-proxy.js';
import { tone } from '../../../tests/support/tone-task.js';
import { readStatus } from '../src/index.js';
import type { RootResult } from '../src/status/campaign-record.js';
import { isBuilt } from './support/child-runner.js';
import { type ClusterKit, clusterKits, contentOf, stopped } from './support/cluster-kit.js';

const makeKit = clusterKits();
const makeProxy = tcpProxies();
const isThorough = process.env.HEARKEN_THOROUGH === '1';

/** What the campaign gives when nothing goes wrong. */
async function undisturbed({ campaign, folder }: ClusterKit): Promise<Record<string, string>> {
  const out = join(folder, 'alone');
  await runCampaign(campaign, { out, cache: join(folder, 'alone cache') });
  return contentOf(out);
}

async function unfinishedFiles({ cache, out }: ClusterKit): Promise<string[]> {
  const names = [...(await readdir(cache, { recursive: true })), ...(await readdir(out, { recursive: true }))];
  return names.filter((name) => /\.part$|\.tmp$|\/trainings\//.test(name));
}

function childrenOf(process: number): number[] {
  try {
    return execFileSync('pgrep', ['-P', String(process)], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line !== '')
      .map(Number);
  } catch {
    return [];
  }
}

describeWithRedis('a campaign on a queue', () => {
  // Its workers are processes that run what is built.
  beforeEach(({ skip }) => {
    skip(!isBuilt && process.env.CI === undefined);
  });

  it.skipIf(!existsSync('/usr/bin/pgrep'))(
    'gives the same files when child processes and workers are killed at any moment',
    async () => {
      const kit = await makeKit({ isSmall: true });
      const expected = await undisturbed(kit);
      const { record } = await kit.submit();
      const environment = { HEARKEN_FAKE_DELAY: '20' };
      const start = () => kit.start({ lockDuration: 2000 }, environment);
      const workers = [start(), start()];
      const random = new Random(Date.now());
      let hasEnded = false;
      const ending = kit.ended(record.id).then((roots) => {
        hasEnded = true;
        return roots;
      });
      for (let kills = 0; kills < (isThorough ? 40 : 6) && !hasEnded; kills += 1) {
        await Promise.race([wait(random.uniform(300, 2000)), ending]);
        const index = Math.floor(random.uniform(0, workers.length));
        const [child] = childrenOf(workers[index].pid!);
        if (kills % 2 === 0 && child !== undefined) process.kill(child, 'SIGKILL');
        else {
          await stopped(workers[index]);
          workers[index] = start();
        }
      }
      const roots = await ending;
      expect(await Promise.all(roots.map((root) => root.getState()))).toEqual(['completed', 'completed']);
      expect(roots.flatMap(({ returnvalue }) => (returnvalue as RootResult).failed)).toEqual([]);
      expect(await contentOf(kit.out)).toEqual(expected);
      expect(await unfinishedFiles(kit)).toEqual([]);
    },
  );

  it('goes on when the server was killed, and computes nothing twice when its data was lost', async () => {
    const kit = await makeKit({ isSmall: true });
    const expected = await undisturbed(kit);
    const log = join(kit.folder, 'log');
    const { record } = await kit.submit();
    const environment = { HEARKEN_FAKE_DELAY: '10', HEARKEN_FAKE_LOG: log };
    const worker = kit.start({ lockDuration: 5000 }, environment);
    const embedded = async () =>
      (await readFile(log, 'utf8').catch(() => '')).split('\n').reduce((sum, line) => sum + Number(line), 0);
    for (const clips of [5, 15]) {
      while ((await embedded()) < clips) await wait(20);
      await kit.server.kill();
      await wait(300);
      await kit.server.start();
    }
    await kit.ended(record.id);
    expect(worker.exitCode).toBeNull();
    expect(await contentOf(kit.out)).toEqual(expected);

    const before = await embedded();
    await kit.server.kill();
    await kit.server.wipe();
    await kit.server.start();
    const again = await kit.submit();
    expect(again.added).toBe(2);
    await kit.ended(again.record.id);
    expect(await embedded()).toBe(before);
    expect(await contentOf(kit.out)).toEqual(expected);
  });

  it('has one file of everything when a worker was cut off and its job taken over', async () => {
    const kit = await makeKit({ isSmall: true });
    const expected = await undisturbed(kit);
    const proxy = await makeProxy(kit.server.port);
    const { record } = await kit.submit();
    const hold = join(kit.folder, 'hold');
    const address = { url: `redis://127.0.0.1:${proxy.port}`, password: kit.server.password };
    const log = join(kit.folder, 'log');
    kit.start({ address, lockDuration: 1000 }, { HEARKEN_FAKE_HOLD: hold, HEARKEN_FAKE_LOG: log });
    // It waits in the middle of a shard.
    while ((await readFile(log, 'utf8').catch(() => '')).split('\n').length < 4) await wait(20);
    proxy.pause();
    kit.start({ lockDuration: 1000 });
    await kit.ended(record.id);
    await writeFile(hold, '');
    proxy.resume();
    await wait(1000);
    expect(await contentOf(kit.out)).toEqual(expected);
  });

  it('names a clip that kills its process after three attempts, and does everything else', async () => {
    const kit = await makeKit({
      isSmall: true,
      replace: { 'test/1.wav': encodeWav(tone(0.9, 1).fill(0.97, 0, 1), 8000) },
    });
    const { record } = await kit.submit();
    kit.start({}, { HEARKEN_FAKE_KILL: '0.96' });
    const roots = await kit.ended(record.id);
    for (const { failedReason } of roots) expect(failedReason).toMatch(/1\.wav[^]*SIGKILL/);
  });

  it('names an invalid clip at once, and does everything else', async () => {
    const kit = await makeKit({ isSmall: true });
    await writeFile(join(kit.campaign.tasks[0], '8000', 'test', '1.wav'), 'no sound');
    const { record } = await kit.submit();
    await kit.work(1);
    const roots = await kit.ended(record.id);
    expect(roots.map(({ failedReason }) => (failedReason ?? '').includes('1.wav'))).toEqual([true, false]);
    expect(roots[1].attemptsMade).toBe(1);
    const { campaigns } = await readStatus(await kit.open());
    const [{ parts }] = campaigns[0].failures;
    expect(parts?.asked).toContain('1.wav');
    expect(parts?.reason).toBeUndefined();
  });
});
