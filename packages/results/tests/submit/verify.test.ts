import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readNpy, writeNpy } from '@hearken/signals';
import { makeMiniTasks } from '@hearken/tasks/node';
import type { Problem } from '../../src/submit/problem.js';
import { parseResult } from '../../src/format/read-result.js';
import { verifyResult } from '../../src/submit/verify-result.node.js';
import { hearken } from '../../../../tests/support/run-hearken.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

/** What of a stored result these tests change. */
interface Stored {
  schemaVersion: number;
  metric: string;
  normalizedScore: number | null;
  task: { contentHash: string };
  model: { pluginVersion?: string; checkpointSha256?: string | null };
  evaluation: { seeds: number };
  scores: Record<string, { mean: number; deviation: number | null; interval: { low: number } }>;
  folds: { test: string; scores: Record<string, number> }[];
  predictions: { file: string; sha256?: string } | null;
  testClips: { sha256?: string };
}

interface Entry {
  readonly file: string;
  readonly ok: boolean;
  readonly problems: readonly Problem[];
}

const temporaryFolder = temporaryFolders();
let made: string;
let folder: string;
let scenes: string;

beforeAll(async () => {
  made = await mkdtemp(join(tmpdir(), 'hearken verify '));
  await makeMiniTasks(join(made, 'tasks'), { seed: 1, tasks: ['events', 'scenes'] });
  const places = ['--out', join(made, 'out'), '--cache', join(made, 'cache')];
  const quick = ['--grid', 'faster', '--grid-points', '1', '--threads', '1', '--probe', 'linear'];
  const { status, err } = await hearken(
    'run',
    '--model',
    'baseline',
    '--tasks',
    join(made, 'tasks'),
    ...places,
    ...quick,
  );
  expect(err).not.toContain('Error');
  expect(status).toBe(0);
});
afterAll(() => rm(made, { recursive: true, force: true }));

beforeEach(async () => {
  folder = await temporaryFolder();
  await cp(join(made, 'out'), folder, { recursive: true });
  const [model] = await readdir(folder);
  const files = (await readdir(join(folder, model))).filter((name) => name.endsWith('.json'));
  scenes = join(folder, model, files.find((name) => name.includes('scenes')) ?? '');
});

async function change(path: string, edit: (result: Stored) => unknown): Promise<void> {
  const result = JSON.parse(await readFile(path, 'utf8')) as Stored;
  edit(result);
  await writeFile(path, JSON.stringify(result));
}

describe('hearken verify', () => {
  it('scores every stored prediction again and agrees', async () => {
    const { status, out } = await hearken('verify', folder);
    expect(out).toMatch(/^ok .*mini_events.*\n +cannot be checked:\n +- /);
    expect(out).toMatch(/2 of 2 results verified\n$/);
    expect(status).toBe(0);
    // As `results/**` is expanded by a shell without globstar.
    const [model] = await readdir(folder);
    const all = (await readdir(join(folder, model))).map((name) => join(folder, model, name));
    expect((await hearken('verify', ...all)).out).toMatch(/2 of 2 results verified/);
    const one = await verifyResult(scenes);
    expect(one.problems).toEqual([]);
    expect(one.compared).toBeGreaterThan(5);
    expect(one.result?.predictions?.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('names the file, fold, metric and both values of a tampered score', async () => {
    let metric = '';
    let test = '';
    await change(scenes, (result) => {
      metric = result.metric;
      test = result.folds[0].test;
      result.folds[0].scores[metric] = 0.9876;
    });
    const { status, out } = await hearken('verify', folder, '--json');
    expect(status).toBe(1);
    const [bad] = (JSON.parse(out) as Entry[]).filter(({ ok }) => ok === false);
    expect(bad.file).toBe(scenes);
    expect(bad.problems).toContainEqual(
      expect.objectContaining({
        kind: 'score',
        fold: test,
        metric,
        stated: 0.9876,
        recomputed: expect.any(Number) as number,
      }),
    );
    const lines = await hearken('verify', folder);
    expect(lines.out).toMatch(
      new RegExp(`FAILED  .*mini_scenes[^]*fold '${test}', ${metric}: states 0\\.9876, recomputed 0\\.\\d`),
    );
    expect(lines.out).toMatch(/1 of 2 results verified/);
  });

  it.each<[string, (result: Stored) => unknown, RegExp]>([
    ['a mean', (result) => (result.scores[result.metric].mean += 1e-5), /mean: states/],
    ['a deviation', (result) => (result.scores[result.metric].deviation = 0.125), /deviation: states/],
    ['an interval', (result) => (result.scores[result.metric].interval.low -= 0.05), /interval\.low: states/],
    ['a normalised score', (result) => (result.normalizedScore = 1.5), /normalizedScore: states 1\.5, recomputed null/],
    ['a hash', (result) => (result.predictions!.sha256 = 'f'.repeat(64)), /predictions\.sha256 states f/],
    [
      'a metric that is not there',
      (result) => Reflect.deleteProperty(result.scores, result.metric),
      /folds has scores for|but lacks the deciding metric/,
    ],
    ['another task', (result) => (result.task.contentHash = '0'.repeat(64)), /with different content/],
    [
      'no plugin version',
      (result) => delete result.model.pluginVersion,
      /model\.pluginVersion is missing, expected a version/,
    ],
    ['no checkpoint field', (result) => delete result.model.checkpointSha256, /model\.checkpointSha256 is missing/],
    ['another schema', (result) => (result.schemaVersion = 9), /schemaVersion is 9; this version of Hearken reads 1/],
    [
      'predictions elsewhere',
      (result) => (result.predictions!.file = '../x.npy'),
      /test predictions|predictions of result/,
    ],
    ['no predictions', (result) => (result.predictions = null), /test predictions of result.*none/],
    ['seeds that are not there', (result) => (result.evaluation.seeds = 3), /seeds is .*, expected a list of 3/],
    ['a fold that is not there', (result) => result.folds.push(result.folds[0]), /folds are|rows|states/],
  ])('names %s', async (_what, edit, message) => {
    await change(scenes, edit);
    const { status, out } = await hearken('verify', scenes);
    expect(out).toMatch(message);
    expect(status).toBe(1);
  });

  it('sees predictions that were changed, with and without their hash', async () => {
    const file = scenes.replace('.json', '.predictions.npy');
    const { data, shape } = readNpy(await readFile(file), file);
    await writeFile(
      file,
      writeNpy(
        data.map((value) => 1 - value),
        shape,
      ),
    );
    expect((await verifyResult(scenes)).problems.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['hash', 'score']),
    );
    await change(scenes, (result) => delete result.predictions!.sha256);
    const { problems, unchecked } = await verifyResult(scenes);
    expect(problems.every(({ kind }) => kind === 'score')).toBe(true);
    expect(unchecked.join(' ')).toMatch(/without their hash/);
    await writeFile(file, writeNpy(data.fill(Number.NaN), shape));
    expect((await verifyResult(scenes)).problems[0].message).toMatch(/not finite numbers/);
    await rm(file);
    expect((await verifyResult(scenes)).problems[0].message).toMatch(/no such file/);
  });

  it('takes results of earlier versions without hashes', async () => {
    await change(scenes, (result) => {
      delete result.predictions!.sha256;
      delete result.testClips.sha256;
    });
    expect((await hearken('verify', scenes)).status).toBe(0);
  });

  it('takes events without predictions, which are left out where they are large, and says so', async () => {
    const name = (await readdir(join(scenes, '..'))).find((file) => /events.*\.json$/.test(file));
    const events = join(scenes, '..', name!);
    await change(events, (result) => (result.predictions = null));
    const { status, out } = await hearken('verify', events);
    expect(out).toMatch(/cannot be checked:[^]*that the predictions are finite probabilities/);
    expect(out).toMatch(/1 of 1 result verified\n$/);
    expect(status).toBe(0);
    expect((await verifyResult(events)).compared).toBeGreaterThan(5);
  });

  it('refuses what is no result', async () => {
    await writeFile(join(folder, 'page.json'), '{"a": 1}');
    await writeFile(join(folder, 'half.json'), '{"schemaVersion": 1, ');
    const { status, out } = await hearken('verify', folder);
    expect(status).toBe(1);
    expect(out).toMatch(/page\.json\n +not a Hearken result: schemaVersion is missing/);
    expect(out).toMatch(/half\.json\n +not valid JSON/);
    expect((await hearken('verify', join(folder, 'nowhere'))).status).toBe(2);
    await writeFile(join(folder, 'x.png'), '');
    expect((await hearken('verify', join(folder, 'x.png'))).err).toMatch(/not a JSON file/);
  });
});

describe('parseResult', () => {
  it('finds something wrong in any other JSON, and never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const problemsOf = (document: unknown) => {
          const read = parseResult(JSON.stringify(document));
          return 'problems' in read ? read.problems.length : 0;
        };
        expect(problemsOf(value)).toBeGreaterThan(0);
        if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
          for (const schemaVersion of [1, 2]) expect(problemsOf({ ...value, schemaVersion })).toBeGreaterThan(0);
        }
      }),
    );
  });
});
