import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runBenchmark } from '../../src/run/run-benchmark.node.js';
import { hasFailed } from '../../src/run/benchmark.js';
import { defineMetric } from '../../src/extensions/define-metric.js';
import type { Result } from '@hearken/results';
import { fakePlugin } from '../../../../tests/support/fake-run.js';
import { writePythonScenes } from '../../../../tests/support/python-embeddings.js';
import { hearken } from '../../../../tests/support/run-hearken.js';
import { writeToneTask } from '../../../../tests/support/tone-task.js';
import { extensionPath } from './fixtures.js';

const mcc = ['--extension', extensionPath('mcc')];
const mccToo = ['--extension', extensionPath('mcc-too')];
const nearestMean = ['--extension', extensionPath('nearest-mean'), '--probe', 'nearest-mean'];
let folder: string;
let task: string;
/** The result of `mcc` and `nearest-mean`. */
let own: { readonly path: string; readonly result: Result; readonly err: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearken extension '));
  task = await writeToneTask(join(folder, 'task'), { clips: 12, metadata: { evaluation: ['mcc', 'top1_acc'] } });
  own = await scored(...mcc, ...nearestMean);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function run(...more: string[]) {
  const places = ['--tasks', task, '--out', join(folder, 'out'), '--cache', join(folder, 'cache')];
  const quick = ['--grid', 'faster', '--grid-points', '2', '--threads', '1', '--json'];
  return hearken('run', '--model', fakePlugin, ...places, ...quick, ...more);
}

async function scored(...more: string[]) {
  const { status, out, err } = await run(...more);
  if (status !== 0) throw new Error(err);
  const [{ file }] = JSON.parse(out) as { file: string }[];
  return { path: file, err, result: JSON.parse(await readFile(file, 'utf8')) as Result };
}

describe('a run with metrics and probes of its own', () => {
  it('scores by them, and says in the result what they were', () => {
    const { result } = own;
    expect(result).toMatchObject({ metric: 'mcc', evaluation: { probe: 'nearest-mean' } });
    expect(result.scores.mcc.mean).toBe(1);
    expect(result.scores.mcc.interval).toMatchObject({ level: 0.95 });
    const sha256 = expect.stringMatching(/^[0-9a-f]{64}$/) as string;
    expect(result.extensions).toMatchObject([
      { kind: 'metric', name: 'mcc', version: '1.0.0', module: 'mcc.mjs', maximize: true, range: [-1, 1], sha256 },
      { kind: 'probe', name: 'nearest-mean', version: '0.2.0', module: 'nearest-mean.mjs', sha256 },
    ]);
    expect(JSON.stringify(result)).not.toContain('fixtures');
  });

  it('is found again, and not by a run of another module', async () => {
    expect((await scored(...mcc, ...nearestMean)).err).toContain('already finished');
    const other = await scored(...mccToo, ...nearestMean);
    expect(other.err).not.toContain('already finished');
    expect(other.path).not.toBe(own.path);
    expect(other.result.scores.mcc.mean).toBe(0.25);
    await rm(other.path);
  });

  it('is the same run as without an extension that it makes no use of', async () => {
    const plain = await writeToneTask(join(folder, 'plain'), { name: 'plain', clips: 6 });
    const places = ['--tasks', plain, '--out', join(folder, 'plain-out'), '--cache', join(folder, 'cache')];
    const args = ['run', '--model', fakePlugin, ...places, '--probe', 'linear'];
    const { err } = await hearken(...args);
    expect(err).not.toContain('already finished');
    expect(err).not.toContain('no task asks');
    const again = await hearken(...args, ...mcc);
    expect(again.err).toContain('already finished');
    expect(again.err).toContain("Warning: no task uses 'mcc': add it to a task's evaluation");
    expect(own.err).not.toContain('no task asks');
  });

  it('says what to do where the metric or the probe is missing', async () => {
    const lacking = await run();
    expect(lacking.status).toBe(2);
    expect(lacking.err).toMatch(/metric 'mcc'\n.*no such metric\n.*load a custom one with --extension/);
    expect(lacking.err).not.toContain('embedding ...');
    expect(await run('--probe', 'nearest-mean')).toMatchObject({
      status: 2,
      err: expect.stringMatching(/probe 'nearest-mean'\n.*no such probe/) as string,
    });
  });

  it.each([
    ['always_nan', /metric 'always_nan' 1\.0\.0\n.*a score of NaN/],
    ['always_two', /a score of 2, outside its range \[0, 1\]/],
    ['always_text', /the text 'good' instead of a score/],
    ['always_late', /a promise instead of a score/],
    ['always_throws', /it threw TypeError/],
  ])('names a metric that answers no score: %s', async (metric, found) => {
    const broken = await writeToneTask(join(folder, metric), {
      name: metric,
      clips: 6,
      metadata: { evaluation: [metric] },
    });
    const places = ['--tasks', broken, '--out', join(folder, 'none'), '--cache', join(folder, 'cache')];
    const extension = ['--extension', extensionPath('broken')];
    const { status, err } = await hearken('run', '--model', fakePlugin, ...places, '--probe', 'linear', ...extension);
    expect(status).toBe(2);
    expect(err).toMatch(found);
    expect(err).not.toMatch(/^\s+at /m);
  });

  it('takes metrics as plain arguments, without any module', async () => {
    const metric = defineMetric({
      name: 'mcc',
      version: '3.0.0',
      summary: 'made up',
      kind: 'scene',
      maximize: true,
      range: [0, Infinity],
      compute: () => 7,
    });
    const [outcome] = await runBenchmark({
      model: fakePlugin,
      tasks: [task],
      out: join(folder, 'code'),
      cache: join(folder, 'cache'),
      evaluation: { probe: 'linear', grid: 'faster', gridPoints: 1, seed: 0 },
      metrics: [metric],
    });
    if (hasFailed(outcome)) throw outcome.error;
    expect(outcome.result.scores.mcc.mean).toBe(7);
    expect(outcome.result.extensions).toMatchObject([
      { version: '3.0.0', range: [0, null], module: null, sha256: null },
    ]);
    const { out } = await hearken('verify', outcome.path);
    expect(out).toContain("needs the custom metric 'mcc' 3.0.0 passed in code");
  });
});

describe('a result of a custom metric', () => {
  it('is verified with its module, and says which one it needs', async () => {
    const without = await hearken('verify', own.path);
    expect(without.status).toBe(1);
    expect(without.out).toMatch(
      /needs the custom metric 'mcc' 1\.0\.0 of 'mcc\.mjs', SHA-256 [0-9a-f]{12}\.\.\..*--extension/,
    );
    expect(without.out).toMatch(/cannot be checked:\n\s+- the predictions of probe 'nearest-mean' 0\.2\.0/);
    const { status, out } = await hearken('verify', own.path, ...mcc);
    expect(out).toMatch(/^ok .*\(28 numbers\)/);
    expect(status).toBe(0);
    const other = await hearken('verify', own.path, ...mccToo);
    expect(other.out).toMatch(/but metric 'mcc' 1\.0\.0 of 'mcc-too\.mjs'.* is loaded/);
    expect(other.out).toMatch(/fold 'test', mcc: states 1, recomputed 0\.25/);
    expect(other.status).toBe(1);
  });

  it('is not read where it names no extension, or none that makes sense', async () => {
    const copy = join(folder, 'changed');
    await cp(join(folder, 'out'), copy, { recursive: true });
    const path = join(copy, 'fake-small', own.path.slice(own.path.search(/[^/\\]+$/)));
    const change = async (extensions: unknown) => {
      await writeFile(path, JSON.stringify({ ...own.result, extensions }));
      return (await hearken('verify', path, ...mcc)).out;
    };
    expect(await change(undefined)).toContain('not a known metric');
    expect(await change('mcc')).toContain('extensions is');
    expect(await change([{ ...own.result.extensions![0], sha256: 'no hash' }])).toContain(
      "extensions[0].sha256 is 'no hash', expected a SHA-256 in hexadecimal",
    );
    expect(await change([{ ...own.result.extensions![0], module: '\u001b[2Jmcc.mjs' }])).toContain(
      'extensions[0].module is',
    );
    const site = join(folder, 'empty');
    expect((await hearken('report', path, '--out', site)).err).toContain('extensions[0].module is');
  });

  it('is compared with its module, and better is what its direction says', async () => {
    const guessing = await scored(...mcc, '--probe', 'linear');
    const refused = await hearken('compare', own.path, guessing.path);
    expect(refused).toMatchObject({ status: 2, err: expect.stringContaining('pass it with --extension') as string });
    const { status, out } = await hearken('compare', own.path, guessing.path, ...mcc, '--json');
    expect(status).toBe(0);
    const expected = { metric: 'mcc', difference: own.result.scores.mcc.mean! - guessing.result.scores.mcc.mean! };
    expect((JSON.parse(out) as { comparisons: unknown[] }).comparisons).toMatchObject([expected]);
    await rm(guessing.path);
  });

  it('is in the leaderboard, with its own name, summary and direction', async () => {
    const site = join(folder, 'site');
    const less = await scored(...mccToo, '--probe', 'linear');
    const pages = async (...results: string[]) => {
      await hearken('report', ...results, '--out', site, '--no-published', '--no-maps');
      const [page] = (await readdir(join(site, 'tasks'))).filter((name) => name.startsWith('tones'));
      return readFile(join(site, 'tasks', page), 'utf8');
    };
    const page = await pages(own.path);
    expect(page).toContain(
      'Metric: mcc (Matthews correlation coefficient in [-1, 1], 0 for guessing; custom metric, version 1.0.0',
    );
    expect(page).toMatch(/higher\s+is better/);
    // The picture of right and wrong answers needs the answers alone, not the metric.
    expect(await readFile(join(site, 'data', 'leaderboard.csv'), 'utf8')).toMatch(/fake.*,mcc,1,/);
    expect(await readdir(join(site, 'pictures'))).toContainEqual(expect.stringMatching(/confusion\.svg$/));
    expect(await pages(less.path)).toMatch(/lower\s+is better/);
    // One name and version, and not one metric: a page and a column for each.
    await pages(own.path, less.path);
    const names = (await readdir(join(site, 'tasks'))).filter((name) => name.startsWith('tones'));
    expect(names).toHaveLength(2);
    expect(names).toContainEqual(expect.stringMatching(/-mcc-1-0-0-[0-9a-f]{8}\.html$/));
    await rm(less.path);
  });
});

describe('hearken heareval predict', () => {
  it('scores embedding folders by metrics and probes of one’s own, and tells them apart', async () => {
    const embeddings = join(folder, 'embeddings', 'model', 'task');
    await writePythonScenes(embeddings, { metadata: { evaluation: ['mcc'] } });
    const predict = (...more: string[]) =>
      hearken(
        'heareval',
        'predict',
        embeddings,
        '--cache',
        join(folder, 'cache'),
        '--grid',
        'faster',
        '--json',
        ...more,
      );
    expect((await predict()).err).toContain("metric 'mcc'");
    const { status, out } = await predict(...mcc, ...nearestMean);
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject([{ metric: 'mcc', score: 1 }]);
    expect((await predict(...mcc, ...nearestMean)).err).toContain('already scored');
    expect(JSON.parse((await predict(...mccToo, ...nearestMean)).out)).toMatchObject([{ metric: 'mcc', score: 0.25 }]);
    const done = await readFile(join(embeddings, 'prediction-done.json'), 'utf8');
    expect(JSON.parse(done)).toMatchObject({ hearken: { extensions: [{ module: 'mcc-too.mjs' }, { kind: 'probe' }] } });
  });
});
