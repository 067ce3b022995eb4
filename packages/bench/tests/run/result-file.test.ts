import { readdir, readFile, writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readNpy } from '@hearken/signals';
import { type BenchmarkEvent, defaultEvaluation, type Evaluate, hasFailed } from '../../src/run/benchmark.js';
import { findResult, hashIdentity, identityOf } from '@hearken/results/internal/node';
import { modelIdentity, pathPart } from '@hearken/results/internal';
import { readResult, type RunIdentity } from '@hearken/results/node';
import { runBenchmark } from '../../src/run/run-benchmark.node.js';
import { fakeEvaluate, fakePlugin, fakeRun } from '../../../../tests/support/fake-run.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { writeToneTask } from '../../../../tests/support/tone-task.js';

const temporaryFolder = temporaryFolders();
let folder: string;
let task: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  task = await writeToneTask(join(folder, 'task'), { clips: 2 });
});

const results = async () => (await readdir(join(folder, 'out', 'fake-small'))).sort();

describe('result files', () => {
  it('of two runs at once are one, with the files that it names', async () => {
    const runs = await Promise.all([1, 2, 3].map(() => runBenchmark(fakeRun(folder, [task]))));
    const written = runs.map(([outcome]) => (hasFailed(outcome) ? outcome.error : outcome.result));
    expect(written[1]).toEqual(written[0]);
    expect(written[2]).toEqual(written[0]);
    expect(await results()).toEqual([
      'tones-v1-full.json',
      'tones-v1-full.predictions.npy',
      'tones-v1-full.test.jsonl',
    ]);
  });

  it('get a longer name if another result has theirs', async () => {
    const seeded = { evaluation: { ...defaultEvaluation, seed: 1 } };
    await runBenchmark(fakeRun(folder, [task], seeded));
    const [name] = (await results()).filter((file) => file.endsWith('.json'));
    const path = join(folder, 'out', 'fake-small', name);
    const edited = (await readFile(path, 'utf8')).replace('"seed": 1', '"seed": 5');
    await writeFile(path, edited);
    const [outcome] = await runBenchmark(fakeRun(folder, [task], seeded));
    if (hasFailed(outcome)) throw outcome.error;
    expect(outcome.path).toMatch(/\.[0-9a-f]{32}\.json$/);
    expect(await readFile(path, 'utf8')).toBe(edited);
    expect(await runBenchmark(fakeRun(folder, [task], seeded))).toMatchObject([{ reused: true, path: outcome.path }]);
  });

  it('keep their files until they are replaced', async () => {
    await runBenchmark(fakeRun(folder, [task]));
    const path = join(folder, 'out', 'fake-small', 'tones-v1-full.json');
    const evaluate: Evaluate = async (...given) => {
      const evaluation = await fakeEvaluate(...given);
      const folds = evaluation.folds.map((fold) => ({ ...fold, predictions: fold.predictions.fill(0.25) }));
      return { ...evaluation, folds };
    };
    await runBenchmark(fakeRun(folder, [task], { evaluate, force: true }));
    const { predictions } = await readResult(path);
    expect(predictions?.file).toBe(`tones-v1-full.${predictions!.sha256!.slice(0, 8)}.predictions.npy`);
    expect(await results()).toEqual(['tones-v1-full.json', predictions?.file, 'tones-v1-full.test.jsonl'].sort());
    await runBenchmark(fakeRun(folder, [task], { force: true }));
    expect((await readResult(path)).predictions?.file).toBe('tones-v1-full.predictions.npy');
    expect(await results()).toHaveLength(3);
  });

  it('do not use a damaged file that has the name of theirs', async () => {
    await mkdir(join(folder, 'out', 'fake-small'), { recursive: true });
    await writeFile(join(folder, 'out', 'fake-small', 'tones-v1-full.predictions.npy'), 'damaged');
    await runBenchmark(fakeRun(folder, [task]));
    const { predictions } = await readResult(join(folder, 'out', 'fake-small', 'tones-v1-full.json'));
    const path = join(folder, 'out', 'fake-small', predictions!.file);
    expect(readNpy(await readFile(path), path).shape).toEqual([2, 2]);
  });

  it('say everything that a score needs to be repeated, in one order', async () => {
    await runBenchmark(fakeRun(folder, [task]));
    const text = await readFile(join(folder, 'out', 'fake-small', 'tones-v1-full.json'), 'utf8');
    const result = JSON.parse(text) as Record<string, unknown>;
    expect(Object.keys(result)).toEqual([
      'schemaVersion',
      'harness',
      'task',
      'model',
      'evaluation',
      'isDefault',
      'metric',
      'scores',
      'normalizedScore',
      'folds',
      'configuration',
      'gridPoints',
      'epochsTrained',
      'seconds',
      'cachedClips',
      'peakMemoryBytes',
      'predictions',
      'testClips',
      'machine',
      'startedAt',
      'finishedAt',
      'warnings',
      'assumptions',
    ]);
    expect(result).toMatchObject({
      schemaVersion: 2,
      task: { id: 'tones-v1-full', name: 'tones', version: 'v1', mode: 'full', sampleRate: 8000, labels: 2, clips: 6 },
      model: { plugin: 'fake', model: 'small', checkpointSha256: null, options: { scale: 1 }, embeddingSize: 4 },
      evaluation: { probe: 'mlp', grid: 'default', gridPoints: 8, seed: 0, seeds: 1, pca: null },
      isDefault: true,
      metric: 'top1_acc',
      scores: {
        top1_acc: {
          mean: 0.5,
          deviation: null,
          clips: 2,
          chance: 0.5,
          interval: { level: 0.95, method: 'clopper-pearson' },
        },
      },
      normalizedScore: null,
      folds: [{ test: 'test', rows: 2, scores: { top1_acc: 0.5 } }],
      machine: { node: process.versions.node },
    });
    expect((result.task as { contentHash: string }).contentHash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('have the test predictions beside them', async () => {
    await runBenchmark(fakeRun(folder, [task]));
    expect(await results()).toEqual([
      'tones-v1-full.json',
      'tones-v1-full.predictions.npy',
      'tones-v1-full.test.jsonl',
    ]);
    const path = join(folder, 'out', 'fake-small', 'tones-v1-full.predictions.npy');
    expect(readNpy(await readFile(path), path)).toEqual({ data: new Float32Array(4).fill(0.5), shape: [2, 2] });
  });

  it('are not overwritten by another configuration, model options or task content', async () => {
    await runBenchmark(fakeRun(folder, [task]));
    await runBenchmark(fakeRun(folder, [task], { evaluation: { ...defaultEvaluation, seed: 1 } }));
    await runBenchmark(fakeRun(folder, [task], { modelOptions: { scale: 2 } }));
    await writeToneTask(task, { clips: 3 });
    await runBenchmark(fakeRun(folder, [task]));
    const names = (await results()).filter((name) => name.endsWith('.json'));
    expect(names).toHaveLength(4);
    expect(names.filter((name) => /^tones-v1-full\.[0-9a-f]{8}\.json$/.test(name))).toHaveLength(3);
    // Each is found again.
    await writeToneTask(task, { clips: 2 });
    for (const more of [{}, { modelOptions: { scale: 2 } }, { evaluation: { ...defaultEvaluation, seed: 1 } }]) {
      expect(await runBenchmark(fakeRun(folder, [task], more))).toMatchObject([{ reused: true }]);
    }
  });

  it('that are damaged stay where they are', async () => {
    await mkdir(join(folder, 'out', 'fake-small'), { recursive: true });
    const path = join(folder, 'out', 'fake-small', 'tones-v1-full.json');
    await writeFile(path, '{"schemaVersion": 1, "task"');
    const notes: string[] = [];
    const onEvent = (event: BenchmarkEvent) => {
      if (event.kind === 'note' && event.message.startsWith('result')) notes.push(event.message);
    };
    await runBenchmark(fakeRun(folder, [task], { onEvent }));
    expect(await readFile(path, 'utf8')).toBe('{"schemaVersion": 1, "task"');
    const [hashed, ...others] = (await results()).filter((name) => name.endsWith('.json'));
    expect(others).toHaveLength(1);
    expect(notes).toEqual([expect.stringContaining(`result '${path}' is kept as it is`)]);
    expect(await runBenchmark(fakeRun(folder, [task], { onEvent }))).toMatchObject([{ reused: true }]);
    // One under the name that only this run has is replaced, and that is said.
    await writeFile(join(folder, 'out', 'fake-small', hashed), '{}');
    expect(await runBenchmark(fakeRun(folder, [task], { onEvent }))).toMatchObject([{ reused: false }]);
    expect(notes.at(-1)).toMatch(
      /[0-9a-f]{8}\.json' will be computed again: not a Hearken result: schemaVersion is missing/,
    );
    expect(await runBenchmark(fakeRun(folder, [task], { onEvent }))).toMatchObject([{ reused: true }]);
  });

  it.each([{}, { force: true }, { evaluation: { ...defaultEvaluation, seed: 1 } }])(
    'of a later version are neither computed again nor overwritten: %j',
    async (more) => {
      const [outcome] = await runBenchmark(fakeRun(folder, [task], more));
      if ('error' in outcome) throw outcome.error;
      const later = JSON.stringify({ ...outcome.result, schemaVersion: 3, scores: 'of another kind' });
      await writeFile(outcome.path, later);
      const before = await results();
      const [again] = await runBenchmark(fakeRun(folder, [task], more));
      expect(again).toMatchObject({
        error: {
          asked: `result '${outcome.path}'`,
          found: 'schemaVersion is 3; this version of Hearken reads 1 or 2',
          fix: 'update Hearken, or choose another folder with --out',
        },
      });
      expect(await readFile(outcome.path, 'utf8')).toBe(later);
      expect(await results()).toEqual(before);
    },
  );

  it('of a later version do not stand in the way of other runs', async () => {
    const [outcome] = await runBenchmark(fakeRun(folder, [task]));
    if ('error' in outcome) throw outcome.error;
    await writeFile(outcome.path, JSON.stringify({ ...outcome.result, schemaVersion: 3 }));
    const other = { evaluation: { ...defaultEvaluation, seed: 1 } };
    expect(await runBenchmark(fakeRun(folder, [task], other))).toMatchObject([{ reused: false }]);
  });

  it('are not written if they could not be read again', async () => {
    const evaluate: Evaluate = async (input, options) => ({
      ...(await fakeEvaluate(input, options)),
      seconds: Number.NaN,
    });
    const [outcome] = await runBenchmark(fakeRun(folder, [task], { evaluate }));
    expect(outcome).toMatchObject({ error: { found: 'seconds.probe is null, expected a number' } });
    expect((await results()).filter((name) => name.endsWith('.json'))).toEqual([]);
  });

  it('carry the identity of their run', async () => {
    const [outcome] = await runBenchmark(fakeRun(folder, [task]));
    if ('error' in outcome) throw outcome.error;
    const written = await readResult(outcome.path);
    expect(written).toEqual(outcome.result);
    const identity: RunIdentity = {
      model: modelIdentity(outcome.result.model),
      task: { id: 'tones-v1-full', contentHash: outcome.result.task.contentHash },
      evaluation: defaultEvaluation,
    };
    expect(hashIdentity(identityOf(outcome.result))).toBe(hashIdentity(identity));
    expect((await findResult(join(folder, 'out'), identity, true)).path).toBe(outcome.path);
  });
});

describe('identities', () => {
  it('do not depend on the order of keys or the number of threads', () => {
    expect(hashIdentity({ a: 1, b: { c: 2, d: 3 } })).toBe(hashIdentity({ b: { d: 3, c: 2 }, a: 1 }));
    expect(hashIdentity({ a: 1 })).not.toBe(hashIdentity({ a: 2 }));
    const provenance = { plugin: 'p', pluginVersion: '1', model: 'm', checkpointSha256: null, options: {} };
    const backends = ['1 thread', '2 threads', '16 threads'].map(
      (threads) => `onnxruntime-node 1.30.0 cpu, ${threads}`,
    );
    const identities = backends.map((backend) => modelIdentity({ ...provenance, backend }).backend);
    expect(new Set(identities)).toEqual(new Set(['onnxruntime-node 1.30.0 cpu']));
  });

  it('are the same whether a plugin names its runtime in parts or only in a text', () => {
    const provenance = { plugin: 'p', pluginVersion: '1', model: 'm', checkpointSha256: null, options: {} };
    const backend = 'onnxruntime-node 1.30.0 cpu, 2 threads';
    const execution = { runtime: 'onnxruntime-node 1.30.0 cpu', threads: 2 };
    const [text, parts] = [
      { ...provenance, backend },
      { ...provenance, backend, execution },
    ].map(modelIdentity);
    expect(hashIdentity(parts)).toBe(hashIdentity(text));
    // What is said in parts counts, not what is shown.
    expect(modelIdentity({ ...provenance, backend: 'a CPU', execution }).backend).toBe('onnxruntime-node 1.30.0 cpu');
  });

  it('of results whose backend is no text are none of a run', async () => {
    const [outcome] = await runBenchmark(fakeRun(folder, [task]));
    if ('error' in outcome) throw outcome.error;
    const identity = identityOf(outcome.result);
    for (const backend of [5, null, {}]) {
      await writeFile(outcome.path, JSON.stringify({ ...outcome.result, model: { ...outcome.result.model, backend } }));
      const { path, existing } = await findResult(join(folder, 'out'), identity, true);
      expect(existing).toBeUndefined();
      expect(path).toMatch(/tones-v1-full\.[0-9a-f]{8}\.json$/);
    }
  });

  it('make safe parts of paths', () => {
    expect(['a/b', '..', '.x', 'tâsk v1', '', fakePlugin].map(pathPart)).toEqual([
      'a_b',
      '_',
      '_x',
      'tâsk_v1',
      '_',
      expect.not.stringContaining('/'),
    ]);
  });
});
