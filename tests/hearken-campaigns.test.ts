// Campaigns by the built command as a process of its own: stopped, killed, watched. Needs `npm run build`.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolders } from './support/temporary-folder.js';
import { writeToneTask } from './support/tone-task.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const command = join(root, 'packages/bench/bin/hearken.js');
const fakePlugin = join(root, 'packages/bench/tests/fixtures/fake-plugin/index.mjs');
const isBuilt = existsSync(join(root, 'packages/bench/dist/cli/shell.node.js'));

const newFolder = temporaryFolders();
let folder: string;
let children: ChildProcess[];

beforeEach(async () => {
  folder = await newFolder();
  children = [];
  for (const name of ['one', 'two']) {
    await writeToneTask(join(folder, 'tasks', name), { clips: 4, metadata: { task_name: name } });
  }
});

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
});

function start(...args: string[]) {
  const child = spawn(process.execPath, [command, 'run', ...args], {
    cwd: folder,
    env: { ...process.env, HEARKEN_CACHE: join(folder, 'cache') },
  });
  children.push(child);
  const text = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (text.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text.err += chunk.toString()));
  const end = new Promise<number | null>((resolve) => {
    child.on('close', resolve);
  });
  /** Waits for a text on standard error, `times` times. */
  const says = async (said: string, times = 1) => {
    while (text.err.split(said).length <= times) {
      if (child.exitCode !== null) throw new Error(`ended without saying '${said}': ${text.err}`);
      await wait(20);
    }
  };
  return { child, text, end, says };
}

async function writeCampaign(more = ''): Promise<void> {
  const models = [1, 2, 3].map(
    (scale) => `  - { model: '${fakePlugin}', name: m${scale}, options: { scale: ${scale} } }`,
  );
  await replaceCampaign(
    `models:\n${models.join('\n')}\ntasks: [tasks]\nevaluations: [linear, {probe: linear, seed: 1${more}}]\n`,
  );
}

/** Replaces the file at once, so that no run reads a part of it. */
async function replaceCampaign(text: string): Promise<void> {
  await writeFile(join(folder, 'campaign.new'), text);
  await rename(join(folder, 'campaign.new'), join(folder, 'campaign.yaml'));
}

/** Predictions and test clips as they are, and results without times. */
async function contents(out: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const entry of await readdir(join(folder, out), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    const name = relative(join(folder, out), path);
    if (!name.endsWith('.json')) files[name] = bytes.toString('base64');
    else files[name] = JSON.stringify((JSON.parse(bytes.toString()) as { scores: unknown }).scores);
  }
  return files;
}

describe.skipIf(!isBuilt && !process.env.CI)('a campaign as a process', () => {
  it('goes on where it was stopped and killed, and ends with the results of an undisturbed one', async () => {
    await writeCampaign();
    for (const [job, signal] of [
      [2, 'SIGINT'],
      [5, 'SIGKILL'],
      [9, 'SIGTERM'],
    ] as const) {
      const run = start('campaign.yaml', '--out', 'disturbed', '--threads', '1');
      await run.says(`Job ${job} of 12`);
      run.child.kill(signal);
      await run.end;
      if (signal !== 'SIGKILL') expect(run.text.err).toContain('the same command continues from there');
      // What was finished before is found.
      const found = [...run.text.err.matchAll(/already finished/g)].length;
      expect(found).toBeGreaterThanOrEqual({ 2: 0, 5: 1, 9: 4 }[job]);
    }
    const rest = start('campaign.yaml', '--out', 'disturbed', '--threads', '1');
    expect([await rest.end, /failed/.exec(rest.text.out)]).toEqual([0, null]);
    const whole = start('campaign.yaml', '--out', 'whole', '--threads', '1', '--cache', 'cache 2');
    expect(await whole.end).toBe(0);
    const results = await contents('whole');
    expect(Object.keys(results).filter((name) => name.endsWith('.json'))).toHaveLength(12);
    expect(await contents('disturbed')).toEqual(results);
  });

  it('runs again what has changed, says what it was, and ends by Ctrl-C', async () => {
    await writeCampaign();
    const run = start('campaign.yaml', '--watch', '--threads', '1');
    await run.says('Waiting for changes');
    expect(run.text.err).not.toContain('already finished');
    await writeCampaign(', seeds: 2');
    await run.says('Waiting for changes', 2);
    expect(run.text.err).toContain('Changed: campaign.yaml\n');
    expect([...run.text.err.matchAll(/already finished/g)]).toHaveLength(6);
    await replaceCampaign('models: [');
    await run.says('Waiting for changes', 3);
    expect(run.text.err).toContain('not YAML: line 1');
    await writeCampaign();
    await run.says('Waiting for changes', 4);
    await writeToneTask(join(folder, 'tasks', 'two'), { clips: 5, metadata: { task_name: 'two' } });
    await run.says('Waiting for changes', 5);
    expect(run.text.err).toMatch(/Changed: tasks\/two\//);
    run.child.kill('SIGINT');
    expect(await run.end).toBe(130);
    expect(run.text.err.match(/Stopped\./g)).toHaveLength(1);
  });
});
