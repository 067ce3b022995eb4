// Runs that are killed, run at the same time or run out of disk space, in separate processes. Needs `npm run build`;
// `npm test` runs it.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeWav } from '../packages/signals/src/audio/encode-wav.js';
import { Random } from '../packages/metrics/src/random.js';
import { tone, writeToneTask } from './support/tone-task.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const command = join(root, 'packages/bench/bin/hearken.js');
const fakePlugin = join(root, 'packages/bench/tests/fixtures/fake-plugin/index.mjs');
const isBuilt = existsSync(join(root, 'packages/bench/dist/cli/shell.node.js'));
/** How many runs are killed, one in each part of the time that a run takes. */
const kills = process.env.HEARKEN_THOROUGH === '1' ? 8 : 3;

let folder: string;
let task: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearken überleben '));
  task = await writeSlowTask();
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Clips of many lengths, each a separate batch. */
async function writeSlowTask(clips = 8): Promise<string> {
  const replace: Record<string, Uint8Array> = {};
  for (const split of ['train', 'valid', 'test']) {
    for (let clip = 0; clip < clips; clip += 1) {
      replace[`${split}/${clip}.wav`] = encodeWav(tone(clip % 2 === 1 ? 0.9 : 0.1, clip, 2000 + 100 * clip), 8000);
    }
  }
  return writeToneTask(join(folder, 'task'), { clips, replace, metadata: { sample_duration: null } });
}

/** The arguments of a run whose results and cache are in folders of these names. */
function runArguments(out: string, cache: string, ...more: string[]): string[] {
  const options = ['--grid', 'faster', '--grid-points', '3', '--threads', '1', '--json', ...more];
  const places = ['--out', join(folder, out), '--cache', join(folder, cache)];
  return [command, 'run', '--model', fakePlugin, '--tasks', task, ...places, ...options];
}

function environment(delay: number, log: string, hold = ''): NodeJS.ProcessEnv {
  const file = hold === '' ? '' : join(folder, hold);
  const fake = { HEARKEN_FAKE_DELAY: String(delay), HEARKEN_FAKE_LOG: join(folder, log), HEARKEN_FAKE_HOLD: file };
  return { ...process.env, ...fake };
}

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Starts a run that waits some milliseconds for every clip, and at the third until there is a file `hold`. */
function start(args: readonly string[], { delay = 40, log = 'log', hold = '' } = {}) {
  const child = spawn(process.execPath, args, { cwd: folder, env: environment(delay, log, hold) });
  const text = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (text.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text.err += chunk.toString()));
  const end = new Promise<Ended>((resolve) => {
    child.on('close', (status) => {
      resolve({ status, ...text });
    });
  });
  /** Resolves when it has printed something to standard error; rejects if it ends without doing so. */
  const said = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (pattern.test(text.err)) resolve();
      };
      child.stderr.on('data', look);
      look();
      void end.then(({ err }) => {
        reject(new Error(`it never said ${pattern}:\n${err}`));
      });
    });
  return { child, end, said };
}

type Started = ReturnType<typeof start>;

/** Lets runs continue that wait for this file. */
async function release(hold: string): Promise<void> {
  await writeFile(join(folder, hold), '');
}

/** Clips that were embedded, as the plugin logs them. */
async function embeddedClips(log: string): Promise<number> {
  const lines = (await readFile(join(folder, log), 'utf8').catch(() => '')).split('\n');
  return lines.reduce((sum, line) => sum + Number(line), 0);
}

/** Resolves when a run has embedded so many clips. */
async function untilEmbedded(clips: number, log: string, { child, end }: Started): Promise<void> {
  while ((await embeddedClips(log)) < clips) {
    if (child.exitCode !== null) throw new Error(`it ended early:\n${(await end).err}`);
    await wait(10);
  }
}

/** Everything in a folder of results, except for dates and durations. */
async function contentOf(out: string): Promise<Record<string, string>> {
  const content: Record<string, string> = {};
  const times = ['seconds', 'startedAt', 'finishedAt', 'peakMemoryBytes', 'cachedClips'];
  for (const entry of await readdir(join(folder, out), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const text = await readFile(path, 'base64');
    const isResult = entry.name.endsWith('.json');
    const value: unknown = isResult ? JSON.parse(Buffer.from(text, 'base64').toString()) : text;
    content[entry.name] = JSON.stringify(value, (key, part: unknown) => (times.includes(key) ? undefined : part));
  }
  return content;
}

describe.skipIf(!isBuilt && !process.env.CI)('a run', () => {
  it('that is killed at any moment ends with the same result as one that is not', async () => {
    let began = performance.now();
    expect((await start(runArguments('whole', 'whole cache')).end).status).toBe(0);
    let duration = performance.now() - began;
    const whole = await contentOf('whole');
    expect(Object.keys(whole)).toHaveLength(3);
    const random = new Random(Date.now());
    for (let killed = 0, trial = 0; killed < kills; trial += 1) {
      const places = [`out ${trial}`, `cache ${trial}`] as const;
      began = performance.now();
      const { child, end } = start(runArguments(...places));
      const part = random.uniform(killed, killed + 1) / kills;
      const moment = (0.1 + 0.9 * part) * duration;
      await Promise.race([wait(moment), end]);
      child.kill('SIGKILL');
      if ((await end).status === null) killed += 1;
      // It was faster than the one before because the machine is less busy: the next moments are drawn from its
      // duration.
      else duration = performance.now() - began;
      const rest = await start(runArguments(...places), { delay: 0 }).end;
      expect(rest.err).not.toMatch(/damaged/);
      expect(rest.status).toBe(0);
      // Nothing but the result's three files is left, either.
      expect(await contentOf(places[0]), `killed after ${moment} ms of ${duration}`).toEqual(whole);
      await rm(join(folder, places[1]), { recursive: true });
    }
  });

  it('computes the same result at the same time as another one, and both end with it', async () => {
    const first = start(runArguments('out', 'cache'), { log: 'first', hold: 'go on' });
    await untilEmbedded(3, 'first', first);
    const second = await start(runArguments('out', 'cache'), { log: 'second' }).end;
    await release('go on');
    const { status, out } = await first.end;
    expect([status, second.status]).toEqual([0, 0]);
    expect(await embeddedClips('second')).toBe(24);
    // The first one finds what the second one has finished, and takes its result.
    expect(await embeddedClips('first')).toBeLessThan(24);
    expect(JSON.parse(out)).toEqual(JSON.parse(second.out));
    expect(Object.keys(await contentOf('out'))).toHaveLength(3);
  });

  it('shares the embeddings with another one that trains another probe', async () => {
    const first = start(runArguments('out', 'cache'), { log: 'first', hold: 'go on' });
    await untilEmbedded(3, 'first', first);
    const second = await start(runArguments('out', 'cache', '--probe', 'linear'), { log: 'second' }).end;
    await release('go on');
    expect([(await first.end).status, second.status]).toEqual([0, 0]);
    expect((await embeddedClips('first')) + (await embeddedClips('second'))).toBeLessThan(48);
    expect(Object.keys(await contentOf('out'))).toHaveLength(6);
  });

  it('that fine-tunes a model and is killed again and again ends with the same weights', async () => {
    const weights = join(root, 'packages/plugins-efficientat/tests/fixtures/mn01_as.pt');
    const tones = await writeToneTask(join(folder, 'tones'), { metadata: { sample_duration: 0.5 } });
    const recipe = ['--recipe', 'full', '--set', 'epochs=12', '--set', 'batchSize=4', '--set', 'mixup=0.3'];
    const finetune = (out: string) => [
      ...[command, 'finetune', '--model', 'efficientat:mn01_as', '--checkpoint', weights, '--tasks', tones, ...recipe],
      ...['--out', join(folder, out), '--cache', join(folder, `${out} cache`), '--threads', '1', '--json'],
      ...['--checkpoint-seconds', '0.05'],
    ];
    let began = performance.now();
    expect(await start(finetune('whole')).end).toMatchObject({ status: 0 });
    let duration = performance.now() - began;
    const whole = await contentOf('whole');
    expect(Object.keys(whole).sort()).toEqual(expect.arrayContaining(['config.json', 'mn01_as_mAP_298.pt']));
    const random = new Random(Date.now());
    let attempts = 0;
    for (let killed = 0; killed < kills; attempts += 1) {
      const out = `killed ${attempts}`;
      for (let again = 0; again < 3; again += 1) {
        began = performance.now();
        const { child, end } = start(finetune(out));
        await Promise.race([wait(random.uniform(0.2, 0.9) * duration), end]);
        child.kill('SIGKILL');
        if ((await end).status === null) killed += 1;
        else duration = performance.now() - began;
      }
      const rest = await start(finetune(out)).end;
      expect([rest.status, rest.err]).toEqual([0, expect.not.stringMatching(/damaged/)]);
      expect(await contentOf(out)).toEqual(whole);
    }
  });

  it('goes on where one was killed', async () => {
    const first = start(runArguments('out', 'cache'), { hold: 'never' });
    await untilEmbedded(3, 'log', first);
    first.child.kill('SIGKILL');
    await first.end;
    expect((await start(runArguments('out', 'cache')).end).status).toBe(0);
  });

  it('computes what is damaged in its cache again, says so, and has the same result', async () => {
    expect((await start(runArguments('whole', 'cache'), { delay: 0, log: 'first' }).end).status).toBe(0);
    const entries = await readdir(join(folder, 'cache', 'artifacts'), { recursive: true, withFileTypes: true });
    const rows = entries.find(({ name }) => name === 'train.0-8.shard')!;
    const path = join(rows.parentPath, rows.name);
    const bytes = await readFile(path);
    bytes[17] ^= 1;
    await writeFile(path, bytes);
    const { status, err } = await start(runArguments('again', 'cache'), { delay: 0, log: 'second' }).end;
    expect(status).toBe(0);
    expect(err).toMatch(/train\.0-8\.shard' is damaged; its 8 clips will be computed again/);
    expect(await embeddedClips('second')).toBe(8);
    expect(await contentOf('again')).toEqual(await contentOf('whole'));
  });

  it.skipIf(platform() === 'win32')('says that it cannot write, and goes on once it can', async () => {
    expect((await start(runArguments('whole', 'whole cache'), { delay: 0 }).end).status).toBe(0);
    // No file may be over a block: neither the probes nor the result fit.
    const limited = runArguments('out', 'cache').map((argument) => `'${argument}'`);
    const { status, stderr } = spawnSync('sh', ['-c', `ulimit -f 1; exec '${process.execPath}' ${limited.join(' ')}`], {
      cwd: folder,
      env: environment(0, 'log'),
      encoding: 'utf8',
    });
    expect(status).toBe(2);
    expect(stderr).toMatch(/Error: to write .*\n {2}found: {2}a file over the allowed size/);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect((await start(runArguments('out', 'cache'), { delay: 0 }).end).status).toBe(0);
    expect(await contentOf('out')).toEqual(await contentOf('whole'));
  });
});
