// The built command in a separate process: what a person or a script sees. Needs `npm run build`; `npm test` runs it.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeToneTask } from './support/tone-task.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const command = join(root, 'packages/bench/bin/hearken.js');
const fakePlugin = join(root, 'packages/bench/tests/fixtures/fake-plugin/index.mjs');
const isBuilt = existsSync(join(root, 'packages/bench/dist/cli/shell.node.js'));

let folder: string;
let log: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearken prözess '));
  log = join(folder, 'embedded.log');
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

function environment(delay = 0): NodeJS.ProcessEnv {
  const cache = { HEARKEN_CACHE: join(folder, 'cache') };
  return { ...process.env, ...cache, HEARKEN_FAKE_LOG: log, HEARKEN_FAKE_DELAY: String(delay) };
}

function hearken(args: readonly string[], delay = 0) {
  return spawnSync(process.execPath, [command, ...args], { cwd: folder, env: environment(delay), encoding: 'utf8' });
}

/** Clips that the fake plugin has embedded, in all processes. */
async function embeddedClips(): Promise<number> {
  const lines = (await readFile(log, 'utf8').catch(() => '')).split('\n');
  return lines.reduce((sum, line) => sum + Number(line), 0);
}

const quick = ['--grid', 'faster', '--grid-points', '1', '--threads', '1', '--json'];

/** A task of clips of many lengths, each a separate batch, so that a run can be stopped between them. */
async function writeSlowTask(): Promise<string> {
  const { encodeWav } = await import('../packages/signals/src/audio/encode-wav.js');
  const { tone } = await import('./support/tone-task.js');
  const replace: Record<string, Uint8Array> = {};
  for (const split of ['train', 'valid', 'test']) {
    for (let clip = 0; clip < 10; clip += 1) {
      replace[`${split}/${clip}.wav`] = encodeWav(tone(clip % 2 === 1 ? 0.9 : 0.1, 0, 2000 + 100 * clip), 8000);
    }
  }
  return writeToneTask(join(folder, 'slow task'), { clips: 10, replace, metadata: { sample_duration: null } });
}

/** Starts a slow run and sends it a signal once it has embedded some clips; resolves when it has ended. */
async function interruptedRun(task: string, signal: NodeJS.Signals) {
  const child = spawn(process.execPath, [command, 'run', '--model', fakePlugin, '--tasks', task, ...quick], {
    cwd: folder,
    env: environment(200),
  });
  const text = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (text.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text.err += chunk.toString()));
  const end = new Promise<{ status: number | null }>((resolve) => {
    child.on('close', (status) => {
      resolve({ status });
    });
  });
  while ((await embeddedClips()) < 12) await wait(20);
  child.kill(signal);
  return { ...(await end), ...text };
}

describe.skipIf(!isBuilt && !process.env.CI)('hearken as a process', () => {
  it('says that it is not built where it is not', async () => {
    await mkdir(join(folder, 'package', 'bin'), { recursive: true });
    await writeFile(join(folder, 'package', 'package.json'), '{"type": "module"}');
    await cp(command, join(folder, 'package', 'bin', 'hearken.js'));
    const { status, stderr } = spawnSync(process.execPath, ['package/bin/hearken.js'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(status).toBe(2);
    expect(stderr).toContain('npm run build');
  });

  it('loses at most a second of work when it is killed, and ends with the same scores', async () => {
    const task = await writeSlowTask();
    const killed = await interruptedRun(task, 'SIGKILL');
    expect(killed.out).toBe('');
    const before = await embeddedClips();
    const rest = hearken(['run', '--model', fakePlugin, '--tasks', task, '--out', 'results', ...quick]);
    expect(rest.status).toBe(0);
    const again = (await embeddedClips()) - before;
    // Two seconds and more of work were done at 0.2 s a clip; one second may be lost.
    expect(again).toBeLessThanOrEqual(30 - 12 + 7);
    expect(again).toBeGreaterThan(0);
    const whole = hearken(['run', '--model', fakePlugin, '--tasks', task, '--out', 'whole', '--force', ...quick]);
    const scores = (text: string) => (JSON.parse(text) as { scores: unknown }[]).map((entry) => entry.scores);
    expect(scores(rest.stdout)).toEqual(scores(whole.stdout));
  });

  it('says what is kept on Ctrl-C, has status 130, and embeds no clip twice', async () => {
    const task = await writeSlowTask();
    const { status, out, err } = await interruptedRun(task, 'SIGINT');
    expect([status, out]).toEqual([130, '']);
    expect(err).toContain('the same command continues from there');
    expect(err).not.toMatch(/^\s+at /m);
    const rest = hearken(['run', '--model', fakePlugin, '--tasks', task, ...quick]);
    expect(rest.status).toBe(0);
    // The clip that was being embedded when the run was stopped may count twice.
    expect(await embeddedClips()).toBeLessThanOrEqual(31);
  });

  it('keeps standard output clean of what a plugin prints', async () => {
    const task = await writeToneTask(join(folder, 'task'), { clips: 2 });
    const source = await readFile(fakePlugin, 'utf8');
    await writeFile(join(folder, 'chatty.mjs'), `console.log('loaded');\n${source}`);
    const { stdout, stderr, status } = hearken(['run', '--model', './chatty.mjs', '--tasks', task, ...quick]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toHaveLength(1);
    expect(stderr).toContain('loaded');
  });

  it('ends quietly when nobody reads on', () => {
    const args = [command, 'models', 'baseline', 'efficientat', '--json'].map((arg) => `'${arg}'`).join(' ');
    const { status, stderr } = spawnSync('sh', ['-c', `'${process.execPath}' ${args} | head -n 1`], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
  });
});
