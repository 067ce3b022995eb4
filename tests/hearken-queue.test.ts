import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { Cluster } from '../packages/bench/src/cli/cluster.node.js';
import { fakePlugin } from './support/fake-run.js';
import { describeWithRedis } from './support/redis-server.js';
import { hearken } from './support/run-hearken.js';
import { temporaryFolders } from './support/temporary-folder.js';
import { writeToneTask } from './support/tone-task.js';
import * as cluster from '../packages/cluster/src/index.js';
import { testQueues } from './support/queued-campaign.js';

const newQueue = testQueues();
const newFolder = temporaryFolders();

it('has what the hearken command uses', () => {
  const used: Cluster = cluster;
  const { runOnQueue, runWorker, showStatus, showBoard, cancelAndSay } = used;
  for (const each of [runOnQueue, runWorker, showStatus, showBoard, cancelAndSay]) expect(each).toBeTypeOf('function');
});

describeWithRedis('hearken status and cancel', () => {
  async function queueOptions() {
    const test = await newQueue();
    const password = join(await newFolder(), 'password');
    await writeFile(password, `${test.server.password}\n`, { mode: 0o600 });
    return { ...test, options: ['--queue', test.server.url, '--queue-password-file', password] };
  }

  it('show and cancel a campaign', async () => {
    const { submit, server, options } = await queueOptions();
    await submit('abc', 2, { name: 'spring' });
    const shown = await hearken('status', ...options);
    expect([shown.status, shown.err]).toEqual([0, '']);
    expect(shown.out).toContain(`Queue ${server.url}: 1 campaign, no worker\n`);
    expect(shown.out).toContain('Campaign spring (abc): waiting, submitted ');
    const { out } = await hearken('status', '--json', ...options);
    expect(JSON.parse(out)).toMatchObject({ campaigns: [{ id: 'abc', counts: { waiting: 2 } }], workers: [] });
    const cancelled = await hearken('cancel', 'spring', ...options);
    expect(cancelled).toEqual({
      ...{ status: 0, err: '' },
      out: 'Cancelled spring (abc): 2 waiting jobs removed, none of its jobs is running. Results stay.\n',
    });
    expect((await hearken('status', ...options)).out).toContain('Campaign spring (abc): cancelled');
  });

  it('say what is wrong', async () => {
    const { options, queue } = await queueOptions();
    const unknown = await hearken('cancel', 'spring', ...options);
    expect(unknown.status).toBe(2);
    expect(unknown.err).toContain('found:  no such campaign\n');
    const nowhere = await hearken('status', '--queue', 'http://127.0.0.1');
    expect(nowhere.status).toBe(2);
    expect(nowhere.err).toContain("Error: the queue 'http://...'");
    await queue.redis.set('hearken:campaigns', 'of another program');
    for (const command of [['status'], ['cancel', 'spring']]) {
      const strange = await hearken(...command, ...options);
      expect(strange.status).toBe(2);
      expect(strange.err).toContain("found:  a key 'hearken:*' that Hearken has not written\n");
    }
  });

  it('a run whose campaign is cancelled says so', async () => {
    const { options, queue } = await queueOptions();
    const folder = await newFolder();
    const task = await writeToneTask(join(folder, 'task'), { name: 'one' });
    const folders = ['--tasks', task, '--out', join(folder, 'out'), '--cache', join(folder, 'cache')];
    const running = hearken('run', '--model', fakePlugin, ...folders, '--campaign-name', 'spring', ...options);
    while ((await queue.redis.zcard('hearken:work:prioritized')) === 0) await wait(50);
    expect((await hearken('cancel', 'spring', ...options)).status).toBe(0);
    const { status, err } = await running;
    expect(status).toBe(1);
    expect(err).toContain('on one-v1-full: it was removed from the queue: its campaign was cancelled\n');
  });
});

// The built command in a process of its own, as `npm test` builds it.
const command = fileURLToPath(new URL('../packages/bench/bin/hearken.js', import.meta.url));
const isBuilt = existsSync(new URL('../packages/bench/dist/cli/shell.node.js', import.meta.url));

describeWithRedis('hearken worker', () => {
  it.skipIf(!isBuilt && process.env.CI === undefined).each([
    ['SIGTERM', 143, 'Send SIGTERM again to quit now.'],
    ['SIGINT', 130, 'Press Ctrl-C again to quit now.'],
  ] as const)('says on %s what becomes of its jobs', async (signal, status, again) => {
    const { server, queue } = await newQueue();
    await queue.redis.del('hearken:about');
    const folder = await newFolder();
    const places = ['--tasks', folder, '--out', join(folder, 'out'), '--cache', join(folder, 'cache')];
    const child = spawn(process.execPath, [command, 'worker', '--queue', server.url, ...places], {
      env: { ...process.env, HEARKEN_QUEUE_PASSWORD: server.password },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const ended = once(child, 'close');
    while (!said.includes('Worker for the queue')) await wait(20);
    child.kill(signal);
    expect(await ended).toEqual([status, null]);
    expect(said).toContain(`\nStopping: the jobs at hand end within seconds and go back to the queue. ${again} Other`);
    expect(said).toMatch(
      /\nStopped\. Other workers do what is in the queue, or this one when it is started again\.\n$/,
    );
  });
});
