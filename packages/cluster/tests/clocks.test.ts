import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCampaign } from '@hearken/bench/jobs';
import { expect, it } from 'vitest';
import { describeWithRedis } from '../../../tests/support/redis-server.js';
import { isBuilt } from './support/child-runner.js';
import { clusterKits, contentOf } from './support/cluster-kit.js';

const makeKit = clusterKits();
const faketime = '/usr/bin/faketime';
const canRun = (isBuilt || process.env.CI !== undefined) && existsSync(faketime);

describeWithRedis('workers whose clocks are wrong', () => {
  it.skipIf(!canRun)('take no job from each other, and end the campaign', async () => {
    const kit = await makeKit({ isSmall: true });
    const alone = join(kit.folder, 'alone');
    await runCampaign(kit.campaign, { out: alone, cache: join(kit.folder, 'alone cache') });
    const { record } = await kit.submit();
    const program = fileURLToPath(new URL('support/worker-process.mjs', import.meta.url));
    const said = ['', ''];
    const workers = ['+10m', '-10m'].map((offset, index) => {
      const { say: _, ...options } = kit.worker({ untilIdle: true });
      const args = ['-f', offset, process.execPath, program, JSON.stringify(options)];
      // Timers follow the monotonic clock, which is right.
      const environment = { ...process.env, FAKETIME_DONT_FAKE_MONOTONIC: '1', HEARKEN_FAKE_DELAY: '50' };
      const child = spawn(faketime, args, { stdio: ['ignore', 'ignore', 'pipe'], env: environment });
      child.stderr.on('data', (chunk: Buffer) => (said[index] += chunk.toString()));
      return new Promise((resolve) => child.once('exit', resolve));
    });
    const roots = await kit.ended(record.id);
    expect(await Promise.all(roots.map((root) => root.getState()))).toEqual(['completed', 'completed']);
    await Promise.all(workers);
    expect(said.join('')).not.toContain('taken over');
    expect(await contentOf(kit.out)).toEqual(await contentOf(alone));
  });
});
