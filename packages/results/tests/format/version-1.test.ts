// Results of layout version 1, unchanged since version 0.1.0 wrote them: every command must always read them, and
// report the same scores.
import { cp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Protocol } from '@hearken/results';
import { collectScores, prepareSubmission } from '@hearken/results/node';
import { fakePlugin } from '../../../../tests/support/fake-run.js';
import { hearken } from '../../../../tests/support/run-hearken.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { writeFixtureTasks } from './fixture-tasks.js';

const fixtures = fileURLToPath(new URL('../fixtures/version-1/fake-small', import.meta.url));
const temporaryFolder = temporaryFolders();

/** What each of them scored, by the metric that decides. */
const scores: Readonly<Record<string, number>> = {
  'events-v1-full.c1e82436': 0.75,
  'numbers-v1-full.a9fc00ae': 0.9999918652198517,
  'numbers-v1-full.across-device.ecbdbc25': -7.357000458742691,
  'numbers-v1-full.c2bb7a05': 0.9999928467873528,
  'tones-v1-full.d10995cb': 1,
  'tones-v1-full.e3f3b89c': 0.5,
  'tones-v1-full': 0.8333333333333334,
  'tones-v1-full.train-0.5.d34beb54': 0.875,
};

const quick = ['--grid', 'faster', '--grid-points', '2'];

/** The options that each of them was made with. */
const runs: readonly (readonly [name: string, task: 'tones' | 'numbers' | 'events', ...options: string[]])[] = [
  ['tones-v1-full', 'tones'],
  ['tones-v1-full.e3f3b89c', 'tones', ...quick, '--probe', 'mlp', '--seeds', '2'],
  [
    'tones-v1-full.train-0.5.d34beb54',
    ...(['tones', ...quick, '--probe', 'linear', '--seeds', '2', '--train-fractions', '0.5'] as const),
  ],
  ['tones-v1-full.d10995cb', 'tones', ...quick, '--probe', 'logreg'],
  ['numbers-v1-full.c2bb7a05', 'numbers', ...quick, '--probe', 'linear'],
  [
    'numbers-v1-full.across-device.ecbdbc25',
    ...(['numbers', ...quick, '--probe', 'mlp', '--generalize', 'device', '--train-on', 'phone'] as const),
  ],
  [
    'numbers-v1-full.a9fc00ae',
    ...(['numbers', ...quick, '--probe', 'linear', '--skip-unreadable', '--pca', '2'] as const),
  ],
  ['events-v1-full.c1e82436', 'events', ...quick, '--probe', 'mlp', '--seeds', '2'],
];

/** A protocol of two of the results. */
const protocol: Protocol = {
  name: 'fixtures',
  title: 'Fixtures',
  source: 'these tests',
  evaluation: { probe: 'mlp', grid: 'faster', gridPoints: 2 },
  aggregation: 'mean',
  groups: [
    {
      name: 'all',
      tasks: [
        { title: 'tones', folders: [{ taskName: 'tones' }], metric: 'top1_acc' },
        { title: 'events', folders: [{ taskName: 'events' }], metric: 'segment_1s_er' },
      ],
    },
  ],
  notes: [],
};

describe('results of layout version 1', () => {
  let folder: string;
  let out: string;

  beforeAll(async () => {
    const names = (await readdir(fixtures)).filter((name) => name.endsWith('.json'));
    expect(names.map((name) => name.replace(/\.json$/, '')).sort()).toEqual(Object.keys(scores).sort());
    for (const name of names) {
      expect(JSON.parse(await readFile(join(fixtures, name), 'utf8'))).toMatchObject({ schemaVersion: 1 });
    }
  });

  it('run: count as done and stay as they are', { timeout: 120_000 }, async () => {
    folder = await temporaryFolder();
    out = join(folder, 'out');
    const tasks = await writeFixtureTasks(join(folder, 'tasks'));
    await cp(fixtures, join(out, 'fake-small'), { recursive: true });
    const before = (await readdir(join(out, 'fake-small'))).sort();
    for (const [name, task, ...options] of runs) {
      if (options.includes('--skip-unreadable')) await rm(join(tasks.numbers, '8000', 'train', '3.wav'));
      const { status, out: text } = await hearken(
        ...['run', '--model', fakePlugin, '--tasks', tasks[task], '--threads', '2', '--out', out],
        ...['--cache', join(folder, 'cache'), '--json', ...options],
      );
      expect(status).toBe(0);
      expect(JSON.parse(text)).toMatchObject([{ file: join(out, 'fake-small', `${name}.json`), score: scores[name] }]);
    }
    expect((await readdir(join(out, 'fake-small'))).sort()).toEqual(before);
    for (const name of before) {
      const found = await readFile(join(out, 'fake-small', name));
      expect(found.equals(await readFile(join(fixtures, name))), name).toBe(true);
    }
  });

  it('verify: pass', async () => {
    const { status, out: text } = await hearken('verify', fixtures);
    expect(status).toBe(0);
    expect(text).toMatch(/8 of 8 results verified\n$/);
  });

  it('results: the same scores', async () => {
    const { status, out: text } = await hearken('results', fixtures, '--format', 'json');
    expect(status).toBe(0);
    const rows = JSON.parse(text) as { file: string; decides: boolean; score: number; model: string }[];
    const found = rows.filter(({ decides }) => decides).map(({ file, score }) => [file, score]);
    const wanted = Object.entries(scores).map(([name, score]) => [join(fixtures, `${name}.json`), score]);
    expect(found.sort()).toEqual(wanted.sort());
    expect(new Set(rows.map(({ model }) => model))).toEqual(new Set(['fake:small']));
  });

  it('report: the same scores; of several results of a task the default one counts', async () => {
    const site = join(await temporaryFolder(), 'site');
    const { status } = await hearken('report', fixtures, '--out', site, '--no-maps');
    expect(status).toBe(0);
    const text = await readFile(join(site, 'data', 'leaderboard.json'), 'utf8');
    const rows = JSON.parse(text) as { task: string; probe: string; score: number }[];
    expect(rows.map(({ task, probe, score }) => [task, probe, score]).sort()).toEqual(
      [
        ['events-v1-full', 'mlp', 0.75],
        ['numbers-v1-full', 'linear', 0.9999928467873528],
        ['numbers-v1-full', 'linear, pca 2', 0.9999918652198517],
        ['numbers-v1-full across device', 'mlp', -7.357000458742691],
        ['tones-v1-full', 'logreg', 1],
        ['tones-v1-full', 'mlp', 0.8333333333333334],
      ].sort(),
    );
  });

  it('compare: the same scores; of several results of a task the default one counts', async () => {
    const other = join(fixtures, 'tones-v1-full.d10995cb.json');
    const { status, out: text } = await hearken('compare', fixtures, other, '--json');
    expect(status).toBe(0);
    const { comparisons } = JSON.parse(text) as { comparisons: unknown };
    expect(comparisons).toMatchObject([{ task: 'tones-v1-full', a: { score: 0.8333333333333334 }, b: { score: 1 } }]);
  });

  it('protocols and submit: the same scores, and the files as they are', async () => {
    const paths = ['tones-v1-full.e3f3b89c', 'events-v1-full.c1e82436'].map((name) => join(fixtures, `${name}.json`));
    const target = join(await temporaryFolder(), 'repository');
    const submission = await prepareSubmission({ results: paths, protocol, out: target });
    expect(submission).toMatchObject({ refusals: [], leftOut: [], missing: [] });
    expect(submission.files).toHaveLength(8);
    for (const file of submission.files.filter((name) => !name.endsWith('.md'))) {
      const original = join(fixtures, file.slice(submission.folder!.length + 1));
      expect((await readFile(file)).equals(await readFile(original)), file).toBe(true);
    }
    expect(submission.folder).toMatch(/fake-small-b86db9e6$/);
    const results = await Promise.all(
      paths.map(async (path) => ({ path, result: JSON.parse(await readFile(path, 'utf8')) as never })),
    );
    const [{ model, scores: found }] = await collectScores(protocol, results);
    expect(model).toBe('fake:small');
    expect(Object.fromEntries(found)).toEqual({ tones: 0.5, events: 0.75 });
  });
});
