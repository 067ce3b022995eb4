import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readNpy, writeNpy } from '@hearken/signals';
import { embeddedClips, fakePlugin } from '../../../../tests/support/fake-run.js';
import { hearken } from '../../../../tests/support/run-hearken.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { writeToneTask } from '../../../../tests/support/tone-task.js';

const temporaryFolder = temporaryFolders();
const mcc = fileURLToPath(new URL('../fixtures/extensions/mcc.mjs', import.meta.url));
let folder: string;
let task: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  task = await writeToneTask(join(folder, 'tasks', 'tones'), { clips: 12 });
  await mkdir(join(folder, 'temporary'));
  vi.stubEnv('TMPDIR', join(folder, 'temporary'));
});

afterEach(() => {
  vi.unstubAllEnvs();
});

/** Runs the fake model, and returns its result file. */
async function made(...more: string[]): Promise<string> {
  const quick = ['--probe', 'linear', '--grid', 'faster', '--grid-points', '1', '--threads', '1'];
  const out = join(folder, 'out');
  const places = ['--out', out, '--cache', join(folder, 'cache')];
  const { err, status } = await hearken('run', '--model', fakePlugin, '--tasks', task, ...places, ...quick, ...more);
  if (status !== 0) throw new Error(err);
  const [name] = (await readdir(join(out, 'fake-small'))).filter((file) => file.endsWith('.json'));
  return join(out, 'fake-small', name);
}

const again = (path: string, ...more: string[]) =>
  hearken('reproduce', path, '--tasks', join(folder, 'tasks'), '--model', fakePlugin, ...more);

/** Changes the document of a result. */
async function change(path: string, edit: (document: Record<string, Record<string, unknown>>) => void): Promise<void> {
  const document = JSON.parse(await readFile(path, 'utf8')) as Record<string, Record<string, unknown>>;
  edit(document);
  await writeFile(path, JSON.stringify(document));
}

const leftovers = async () => (await readdir(join(folder, 'temporary'))).filter((name) => /^\.?hearken/.test(name));

describe('hearken reproduce', () => {
  it('computes a result again and finds it equal, bit by bit', async () => {
    const path = await made();
    const [before, clips] = [await readFile(path, 'utf8'), embeddedClips()];
    const { status, out } = await again(path, '--tolerance', '0');
    expect(status).toBe(0);
    expect(out).toContain('tones-v1-full, fake:small, linear, 1 point of grid faster, seed 0\n');
    expect(out).toContain('Predictions: all 24 are the same, bit by bit.\n');
    expect(out).toMatch(/│ hearken +│ [\d.]+ +│ the same │/);
    expect(out).toMatch(/\nEqual: \d+ scores and 24 predictions, within 0\.\n$/);
    // Nothing came from the cache of the first run.
    expect(embeddedClips() - clips).toBe(36);
    expect(await readFile(path, 'utf8')).toBe(before);
    expect(await leftovers()).toEqual([]);
  });

  it('takes seeds, components, shares of the clips and options from the result', async () => {
    const settings = ['--seeds', '2', '--seed', '5', '--pca', '2', '--train-fractions', '0.5'];
    const path = await made(...settings, '--options', '{"scale":3}');
    const { status, out } = await again(path, '--json');
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      equal: true,
      evaluation: { probe: 'linear', seed: 5, seeds: 2, pca: 2, trainFraction: 0.5 },
      predictions: [
        { seed: 5, values: 24, changed: 0, largest: 0, equal: true },
        { seed: 6, values: 24, changed: 0, largest: 0, equal: true },
      ],
      versions: { here: { model: { options: { scale: 3 } } } },
      cachedClips: 0,
      newResult: null,
    });
  });

  it('says how much other scores and predictions differ', async () => {
    const path = await made();
    const file = path.replace(/\.json$/, '.predictions.npy');
    const { data, shape } = readNpy(await readFile(file), file);
    data[0] += 0.25;
    await writeFile(file, writeNpy(data, shape));
    await change(path, ({ scores, predictions }) => {
      (scores.top1_acc as Record<string, unknown>).mean = 0.001;
      delete predictions.sha256;
    });
    const { status, out } = await again(path);
    expect(status).toBe(1);
    expect(out).toMatch(/│ top1_acc +│ mean +│ +0\.0010 │ +[01]\.\d{4} │ +\+?-?[\d.e-]+ │/);
    expect(out).toContain('Predictions: 1 of 24 differ, by at most 0.25.\n');
    expect(out).toMatch(/\nDifferent: 1 of \d+ scores and the predictions by more than 0\.00005\.\n$/);
    expect((await again(path, '--tolerance', '1')).status).toBe(0);
  });

  it('compares only the scores where no predictions are stored', async () => {
    const path = await made();
    await rm(path.replace(/\.json$/, '.predictions.npy'));
    const { status, out } = await again(path);
    expect(status).toBe(0);
    expect(out).toContain('not stored beside the result');
    expect(out).toMatch(/\nEqual: \d+ scores, within 0\.00005\.\n$/);
  });

  it('keeps the new result in a folder of its own', async () => {
    const path = await made();
    const kept = join(folder, 'kept');
    const { out } = await again(path, '--out', kept, '--cache', join(folder, 'cache'));
    expect(out).toContain('The embeddings of 36 clips were in the cache.\n');
    const [name] = (await readdir(join(kept, 'fake-small'))).filter((file) => file.endsWith('.json'));
    expect(out).toContain(`New result: ${join(kept, 'fake-small', name)}\n`);
    for (const used of [kept, join(folder, 'out'), path]) {
      const { status, err } = await again(path, '--out', used);
      expect([status, err]).toEqual([2, expect.stringMatching(/for the new result\n/)]);
    }
  });

  it.each([
    [
      'the task has other content',
      async () => {
        await rm(task, { recursive: true });
        await writeToneTask(task, { clips: 14 });
      },
      /task 'tones-v1-full' with content [0-9a-f]{64}\n {2}found: {2}'.*tones' with content [0-9a-f]{64}\n/,
    ],
    [
      'the task is not there',
      async () => {
        await rm(task, { recursive: true });
        await writeToneTask(join(folder, 'tasks', 'noises'), { name: 'noises' });
      },
      /found: {2}only noises-v1-full\n {2}to do: {2}pass its folder or archive with --tasks/,
    ],
    [
      'the checkpoint is another one',
      (path: string) => change(path, ({ model }) => (model.checkpointSha256 = 'b'.repeat(64))),
      /fake:small with a checkpoint of SHA-256 b{64}\n {2}found: {2}no checkpoint\n {2}to do: {2}pass the file with that/,
    ],
    [
      'the model is another one',
      (path: string) => change(path, ({ model }) => (model.plugin = 'baseline')),
      /model baseline:small\n {2}found: {2}fake:small\n/,
    ],
    [
      'a custom metric is missing',
      (path: string) =>
        change(path, (document) => {
          const metric = { kind: 'metric', name: 'top1_acc', version: '1', summary: 'mine', maximize: true };
          (document as Record<string, unknown>).extensions = [{ ...metric, module: 'my.mjs', sha256: 'c'.repeat(64) }];
        }),
      /metric 'top1_acc' 1 of 'my.mjs', SHA-256 c{12}\.\.\.\n {2}found: {2}none\n {2}to do: {2}pass the same modules/,
    ],
    [
      'the evaluation is endless',
      (path: string) => change(path, ({ evaluation }) => (evaluation.gridPoints = 1e12)),
      /1000000000000 points of the grid/,
    ],
    [
      'its predictions are damaged',
      (path: string) => writeFile(path.replace(/\.json$/, '.predictions.npy'), 'other'),
      /another SHA-256 than the result names/,
    ],
  ])('refuses before computing anything if %s', async (_, prepare, message) => {
    const path = await made();
    await prepare(path);
    const clips = embeddedClips();
    // The result names `checkpointSha256`: without a file, the pulled one would be looked for.
    const checkpoint = join(folder, 'weights.pt');
    await writeFile(checkpoint, '');
    const { status, err } = await again(path, '--checkpoint', checkpoint);
    expect([status, err]).toEqual([2, expect.stringMatching(message)]);
    expect(embeddedClips()).toBe(clips);
    expect(await leftovers()).toEqual([]);
  });

  it('refuses other options of the model', async () => {
    const { status, err } = await again(await made('--options', '{"scale":3}'), '--options', '{"scale":2}');
    expect([status, err]).toEqual([2, expect.stringMatching(/fake:small with scale 3\n {2}found: {2}scale 2\n/)]);
  });

  it('runs no code because a result names it', async () => {
    const path = await made();
    await change(path, ({ model }) => (model.plugin = './evil.mjs'));
    const { status, err } = await hearken('reproduce', path, '--tasks', task);
    expect([status, err]).toEqual([2, expect.stringMatching(/none of Hearken's own plugins\n.*pass it with --model/)]);
  });

  it('needs the custom metrics and probes of the result', async () => {
    await rm(task, { recursive: true });
    await writeToneTask(task, { clips: 12, metadata: { evaluation: ['mcc', 'top1_acc'] } });
    const path = await made('--extension', mcc);
    expect(await again(path)).toMatchObject({ status: 2, err: expect.stringContaining("metric 'mcc'") as unknown });
    expect(await again(path, '--extension', mcc)).toMatchObject({ status: 0 });
  });

  it('refuses a tolerance that is none', async () => {
    const { status, err } = await again('result.json', '--tolerance', '-1');
    expect([status, err]).toEqual([2, expect.stringContaining('Not a number of at least 0')]);
  });
});
