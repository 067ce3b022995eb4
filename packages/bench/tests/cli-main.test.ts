import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Writable } from 'node:stream';
import { beforeEach, describe, expect, it } from 'vitest';
import { encodeWav, readNpy, writeNpy } from '@hearken/signals';
import { main } from '../src/cli/main.js';
import { harnessVersion } from '@hearken/results';
import { fakePlugin } from '../../../tests/support/fake-run.js';
import { temporaryFolders } from '../../../tests/support/temporary-folder.js';
import { tone, writeToneTask } from '../../../tests/support/tone-task.js';

const temporaryFolder = temporaryFolders();
let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

async function hearken(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const text = { out: '', err: '' };
  const stream = (name: 'out' | 'err') =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        text[name] += chunk.toString();
        done();
      },
    });
  const status = await main(args, { stdout: stream('out'), stderr: stream('err') });
  return { status, ...text };
}

const quick = ['--grid', 'faster', '--grid-points', '1', '--threads', '1'];

async function run(tasks: string[], ...more: string[]) {
  const places = ['--out', join(folder, 'out'), '--cache', join(folder, 'cache')];
  return hearken('run', '--model', fakePlugin, '--tasks', ...tasks, ...places, ...quick, ...more);
}

describe('hearken run', () => {
  it('prints one JSON document and nothing else on standard output', async () => {
    const task = await writeToneTask(join(folder, 'task'), { clips: 6 });
    const { status, out, err } = await run([task], '--json');
    expect(status).toBe(0);
    const entries = JSON.parse(out) as Record<string, unknown>[];
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ task: 'tones', model: 'fake:small', metric: 'top1_acc', std: null });
    expect(entries[0].score).toBeGreaterThanOrEqual(0);
    expect(Object.keys(entries[0].seconds as object)).toEqual(['embed', 'probe']);
    expect(err).toContain('tones-v1-full');
  });

  it('ends with a table', async () => {
    const task = await writeToneTask(join(folder, 'task'), { clips: 6 });
    const { status, out } = await run([task]);
    expect(status).toBe(0);
    for (const heading of ['task', 'metric', 'score', 'deviation', 'embed s', 'probe s', 'tones-v1-full']) {
      expect(out).toContain(heading);
    }
  });

  it('has every probe, several seeds and principal components', async () => {
    const task = await writeToneTask(join(folder, 'task'), { clips: 12 });
    const { status, out, err } = await run([task], '--json', '--probe', 'linear', '--seeds', '3', '--pca', '2');
    expect(err).toContain('top1_acc');
    expect(status).toBe(0);
    const [entry] = JSON.parse(out) as Record<string, unknown>[];
    expect(entry).toMatchObject({ interval: { level: 0.95, samples: 12 }, normalized: null, warnings: [] });
    expect(entry.seedStd).toBeGreaterThanOrEqual(0);
    const result = JSON.parse(await readFile(entry.file as string, 'utf8')) as Record<string, unknown>;
    expect(result.evaluation).toEqual({ probe: 'linear', grid: 'faster', gridPoints: 1, seed: 0, seeds: 3, pca: 2 });
    expect(result.seeds).toMatchObject([0, 1, 2].map((seed) => ({ seed, folds: [{ test: 'test', rows: 12 }] })));
    // Answers are in files beside it, those of the first seed where a single seed has its own.
    const files = (result.seeds as { predictions?: { file: string } }[]).map(({ predictions }) => predictions?.file);
    const plain = basename(entry.file as string, '.json');
    expect(files).toEqual([undefined, `${plain}.seed-1.predictions.npy`, `${plain}.seed-2.predictions.npy`]);
    expect(JSON.stringify(result.folds)).not.toContain('"predictions"');
    // Found again, and not by a run of one seed.
    expect((await run([task], '--probe', 'linear', '--seeds', '3', '--pca', '2')).err).toContain('already finished');
    const other = await run([task], '--probe', 'linear', '--pca', '2');
    expect(other.err).not.toContain('already finished');
    expect(other.out).not.toContain('over seeds');
  });

  it("puts scores beside HEAR's, and warns of what makes them too good", async () => {
    const name = { name: 'gunshot_triangulation', metadata: { version: 'v1.0' } };
    // The same tones in all three splits.
    const replace = Object.fromEntries(
      ['train', 'valid', 'test'].flatMap((split) =>
        [0.1, 0.9].map((step, clip) => [`${split}/${clip}.wav`, encodeWav(tone(step, 0), 8000)]),
      ),
    );
    const task = await writeToneTask(join(folder, 'task'), { clips: 2, replace, ...name });
    const { out, err } = await run([task]);
    expect(out).toMatch(/normalised/);
    expect(out).toMatch(/fake:small: mean normalised score \d\.\d{4} over 1 of HEAR's 19 tasks \(Gunshot\)/);
    expect(err).toMatch(/Warning: .*2 recordings in more than one split/);
    const [entry] = JSON.parse((await run([task], '--json')).out) as Record<string, unknown>[];
    expect(entry).toMatchObject({ hearTask: 'Gunshot', warnings: [expect.stringContaining('more than one split')] });
    expect(entry.normalized).toBeCloseTo((entry.score as number) / 0.9673, 1);
  });

  it('keeps the score of one task where another fails, and says so by status 1', async () => {
    const good = await writeToneTask(join(folder, 'good'), { name: 'good', clips: 6 });
    const { status, out, err } = await run([good, join(folder, 'nowhere')], '--json');
    expect(status).toBe(1);
    const entries = JSON.parse(out) as Record<string, unknown>[];
    expect(entries.map((entry) => 'error' in entry)).toEqual([false, true]);
    expect(entries[1]).toMatchObject({ task: join(folder, 'nowhere'), found: 'no such file or folder' });
    expect(err).toContain('nowhere');
    expect(err).not.toMatch(/^\s+at /m);
  });

  it('says by status 2 that everything was wrong', async () => {
    const { status, out, err } = await run([join(folder, 'nowhere')], '--json');
    expect(status).toBe(2);
    expect(JSON.parse(out)).toHaveLength(1);
    expect(err).not.toMatch(/^\s+at /m);
  });

  it('tells what was asked, found and to be done, a line each', async () => {
    await writeFile(join(folder, 'out'), 'in the way');
    const { status, out, err } = await run([folder]);
    expect([status, out]).toEqual([2, '']);
    expect(err.split('\n')).toEqual([
      expect.stringMatching(/^Error: to write '.*out'$/),
      expect.stringMatching(/^ {2}found: {2}a file where a folder is needed$/),
      expect.stringMatching(/^ {2}to do: {2}/),
      '',
    ]);
  });

  it('shows where an error comes from only when debugging', async () => {
    await writeFile(join(folder, 'out'), 'in the way');
    expect((await run([folder])).err).not.toMatch(/^\s+at /m);
    expect((await run([folder], '--debug')).err).toMatch(/^\s+at /m);
  });
});

describe('hearken compare', () => {
  it('says which of two probes is better, as a table and as JSON', async () => {
    const task = await writeToneTask(join(folder, 'task'), { clips: 8 });
    await run([task]);
    await run([task], '--probe', 'linear', '--seeds', '2');
    const results = join(folder, 'out', 'fake-small');
    const files = (await readdir(results)).filter((name) => name.endsWith('.json')).map((name) => join(results, name));
    expect(files).toHaveLength(2);
    const table = await hearken('compare', ...files);
    expect(table.status).toBe(0);
    expect(table.out).toMatch(/^[AB]: fake:small, probe linear, seed 0, the first of 2 probe seeds$/m);
    expect(table.out).toMatch(
      /^They differ in: probe \(A: (mlp|linear), B: (mlp|linear)\); seeds \(A: [12], B: [12]\)$/m,
    );
    expect(table.out).toMatch(/tones-v1-full.*(better|no difference shown)/);
    const json = await hearken('compare', ...files, '--json');
    expect(json.status).toBe(0);
    const document = JSON.parse(json.out) as { comparisons: Record<string, unknown>[] };
    expect(document).toMatchObject({ level: 0.05, failures: [], onlyInA: [], onlyInB: [] });
    expect(document.comparisons).toMatchObject([{ task: 'tones-v1-full', metric: 'top1_acc', a: { file: files[0] } }]);
    expect(document.comparisons[0].differences).toMatchObject([{ setting: 'probe' }, { setting: 'seeds' }]);
    expect(await hearken('compare', ...files, '--json')).toEqual(json);
    const same = await hearken('compare', files[0], files[0]);
    expect(same.out).toContain('They have the same model and evaluation settings.\n');
  });

  it('says what is missing, by status 2', async () => {
    const task = await writeToneTask(join(folder, 'task'), { clips: 6 });
    await run([task], '--force');
    const results = join(folder, 'out', 'fake-small');
    for (const name of await readdir(results)) if (name.endsWith('.npy')) await rm(join(results, name));
    const { status, out, err } = await hearken('compare', results, results);
    expect(status).toBe(2);
    expect(out).toContain('not compared');
    expect(err).toMatch(/predictions\.npy'\n {2}found: {2}no such file/);
    expect((await hearken('compare', results, join(folder, 'nowhere'))).err).toMatch(/no such file or folder/);
  });
});

describe('a wrong call', () => {
  it.each([
    [['rnu'], /unknown command 'rnu'.*\n.*Did you mean run/],
    [['run'], /required option '--model/],
    [['run', '--model', 'baseline'], /required option '--tasks/],
    [['run', '--model', 'baseline', '--tasks', 'x', '--probe', 'svm'], /no such probe[^]*known: mlp/],
    [['run', '--model', 'baseline', '--tasks', 'x', '--pca', '1.5'], /Neither a whole number/],
    [['run', '--model', 'baseline', '--tasks', 'x', '--pca', '0'], /Neither a whole number/],
    [['run', '--model', 'baseline', '--tasks', 'x', '--pca', '.'], /Neither a whole number/],
    [['run', '--model', 'baseline', '--tasks', 'x', '--seeds', '0'], /whole number of 1 to/],
    [['compare', 'a'], /no such file or folder/],
    [['compare', 'nowhere', 'nowhere'], /no such file or folder/],
    [['run', '--model', 'baseline', '--tasks', 'x', '--grid', 'huge'], /Allowed choices are default, fast, faster/],
    [['run', '--model', 'baseline', '--tasks', 'x', '--grid-points', '0'], /whole number of 1 to/],
    [['run', '--model', 'baseline', '--tasks', 'x', '--seed', '-1'], /whole number of 0 to/],
    [['run', '--model', 'baseline', '--tasks', 'x', '--threads', '2.5'], /whole number of 1 to/],
    [['run', '--model', 'baseline', '--tasks', 'x', '--options', '{'], /Not JSON/],
    [['run', '--model', 'baseline', '--tasks', 'x', '--options', '[1]'], /Not a JSON object/],
    [['run', '--model', 'baseline', '--tasks', 'x', '--sed', '1'], /unknown option '--sed'/],
    [['embed', '--model', 'baseline', '--out', 'x.npy'], /missing required argument 'files'/],
    [['embed', 'x.wav', '--model', 'baseline'], /no output file/],
    [['embed', 'nowhere.wav', '--model', 'baseline', '--out', 'x.npy'], /no such file/],
    [['embed', 'nowhere.npy', '--model', 'baseline', '--out', 'x.npy'], /no sample rate/],
    [['validate', 'baselin'], /did you mean 'baseline'/],
    [['tasks', 'list', 'nowhere'], /no such file or folder/],
    [['models', 'nobody'], /no plugin of that name/],
  ])('%j has status 2', async (args, message) => {
    const { status, err } = await hearken(...args);
    expect(status).toBe(2);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/^\s+at /m);
  });

  it('is not one that asks for help or the version', async () => {
    expect(await hearken('--help')).toMatchObject({
      status: 0,
      err: '',
      out: expect.stringContaining('Exit status') as string,
    });
    expect(await hearken('run', '--help')).toMatchObject({
      status: 0,
      out: expect.stringContaining('--grid-points') as string,
    });
    expect(await hearken('--version')).toEqual({ status: 0, err: '', out: `${harnessVersion}\n` });
  });
});

describe('hearken embed', () => {
  it('stacks scenes of files of different lengths, in order', async () => {
    const signals = [tone(0.1, 0, 4000), tone(0.9, 0, 3000), tone(0.5, 0, 3000)];
    const files: string[] = [];
    for (const [index, signal] of signals.entries()) {
      files.push(join(folder, `clip ${index} ü.wav`));
      await writeFile(files[index], encodeWav(signal, 8000));
    }
    const out = join(folder, 'new folder', 'scenes.npy');
    expect(await hearken('embed', ...files, '--model', fakePlugin, '--out', out)).toMatchObject({ status: 0 });
    const { data, shape } = readNpy(await readFile(out), out);
    expect(shape).toEqual([3, 4]);
    [0.1, 0.9, 0.5].forEach((step, row) => {
      expect(data[row * 4 + 2]).toBeCloseTo(step / Math.PI, 2);
    });
  });

  it('writes timestamps and embeddings over time of signals of one length', async () => {
    const file = join(folder, 'signals.npy');
    await writeFile(file, writeNpy(Float32Array.from([...tone(0.1, 0), ...tone(0.9, 0)]), [2, 4000]));
    const [times, embeddings] = [join(folder, 't.npy'), join(folder, 'e.npy')];
    const places = ['--timestamps-out', times, '--timestamp-embeddings-out', embeddings];
    const { status } = await hearken('embed', file, '--model', fakePlugin, '--sample-rate', '8000', ...places);
    expect(status).toBe(0);
    expect(readNpy(await readFile(times), times)).toEqual({
      data: Float32Array.of(0, 100, 200, 300, 400, 500, 0, 100, 200, 300, 400, 500),
      shape: [2, 6],
    });
    expect(readNpy(await readFile(embeddings), embeddings).shape).toEqual([2, 6, 4]);
  });

  it('resamples .npy signals', async () => {
    const file = join(folder, 'signal.npy');
    const out = join(folder, 'scene.npy');
    await writeFile(file, writeNpy(tone(0.2, 0, 8000), [8000]));
    await hearken('embed', file, '--model', fakePlugin, '--sample-rate', '16000', '--out', out);
    // Twice the step at half the rate.
    expect(readNpy(await readFile(out), out).data[2]).toBeCloseTo(0.4 / Math.PI, 2);
  });

  it('refuses timestamps of different lengths, and leaves no file', async () => {
    const files = [join(folder, 'a.wav'), join(folder, 'b.wav')];
    await writeFile(files[0], encodeWav(tone(0.1, 0, 4000), 8000));
    await writeFile(files[1], encodeWav(tone(0.1, 0, 1000), 8000));
    const out = join(folder, 'e.npy');
    const { status, err } = await hearken('embed', ...files, '--model', fakePlugin, '--timestamp-embeddings-out', out);
    expect(status).toBe(2);
    expect(err).toMatch(/b\.wav/);
    expect(await readdir(folder)).toEqual(['a.wav', 'b.wav']);
  });

  it('refuses an array of another shape', async () => {
    const file = join(folder, 'signal.npy');
    await writeFile(file, writeNpy(new Float32Array(24), [2, 3, 4]));
    const out = ['--out', join(folder, 'x.npy')];
    const { status, err } = await hearken('embed', file, '--model', fakePlugin, '--sample-rate', '8000', ...out);
    expect(status).toBe(2);
    expect(err).toMatch(/shape \[2, 3, 4\]/);
  });
});

describe('hearken tasks list', () => {
  it('shows what is in a folder, and what is broken', async () => {
    await writeToneTask(join(folder, 'tasks', 'good'), { name: 'good', clips: 2 });
    const bad = await writeToneTask(join(folder, 'tasks', 'bad'), { name: 'bad', clips: 2 });
    await writeFile(join(bad, 'labelvocabulary.csv'), '');
    const { status, out, err } = await hearken('tasks', 'list', join(folder, 'tasks'), '--json');
    expect(status).toBe(1);
    expect(JSON.parse(out)).toMatchObject([
      { task: bad, error: expect.stringContaining('labelvocabulary') as string },
      { task: 'good-v1-full', labels: 2, clips: 6, sampleRates: [8000], metrics: ['top1_acc'] },
    ]);
    expect(err).toContain('labelvocabulary');
  });
});

describe('hearken models', () => {
  it('lists the models of a plugin', async () => {
    const { status, out } = await hearken('models', fakePlugin, 'baseline', '--json');
    expect(status).toBe(0);
    const models = (JSON.parse(out) as { model: string }[]).map(({ model }) => model);
    expect(models.slice(0, 2)).toEqual(['fake:small', 'fake:other']);
    expect(models.some((model) => model.startsWith('baseline:'))).toBe(true);
  });
});

describe('hearken validate', () => {
  it('passes a plugin that keeps the contract', async () => {
    const { status, out } = await hearken('validate', 'baseline', '--threads', '1');
    expect(out).toMatch(/checks passed, 0 failed/);
    expect(status).toBe(0);
  });

  it('shows what a plugin that breaks it does wrong', async () => {
    await mkdir(join(folder, 'broken'));
    const plugin = join(folder, 'broken', 'plugin.mjs');
    const source = (await readFile(fakePlugin, 'utf8')).replace('this.scale = options.scale ?? 1', 'this.scale = NaN');
    await writeFile(plugin, source);
    const { status, out } = await hearken('validate', plugin);
    expect(status).toBe(1);
    expect(out).toMatch(/FAILED/);
  });
});

describe('harnessVersion', () => {
  it("is the package's", async () => {
    const manifest = await readFile(new URL('../package.json', import.meta.url), 'utf8');
    expect((JSON.parse(manifest) as { version: string }).version).toBe(harnessVersion);
  });
});
