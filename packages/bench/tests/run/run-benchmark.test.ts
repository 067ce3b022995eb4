import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { create as createArchive } from 'tar';
import { FileError, HearkenError, OptionError, PluginError } from '@hearken/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { encodeWav } from '@hearken/signals';
import type { JournalRecord } from '../../src/evaluation/evaluation.js';
import { hasFailed, type BenchmarkEvent, type BenchmarkOptions, type TaskOutcome } from '../../src/run/benchmark.js';
import { runBenchmark } from '../../src/run/run-benchmark.node.js';
import { embeddedClips, fakeEvaluate, fakePlugin, fakeRun } from '../../../../tests/support/fake-run.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { tone, writeToneTask } from '../../../../tests/support/tone-task.js';
import { wavBytes } from '../../../../tests/support/wav-bytes.js';

const temporaryFolder = temporaryFolders();
let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

function errorOf(outcome: TaskOutcome): Error {
  if (hasFailed(outcome)) return outcome.error;
  throw new Error(`${outcome.task} did not fail`);
}

describe('runBenchmark', () => {
  it('computes nothing twice, unless forced', async () => {
    const task = await writeToneTask(join(folder, 'task'), { clips: 3 });
    let evaluations = 0;
    const evaluate: BenchmarkOptions['evaluate'] = (input, options) => {
      evaluations += 1;
      return fakeEvaluate(input, options);
    };
    const run = async (more: Partial<BenchmarkOptions> = {}) => {
      const before = embeddedClips();
      const [outcome] = await runBenchmark(fakeRun(folder, [task], { evaluate, ...more }));
      return [embeddedClips() - before, evaluations, 'reused' in outcome && outcome.reused];
    };
    expect(await run()).toEqual([9, 1, false]);
    expect(await run()).toEqual([0, 1, true]);
    // Embeddings come from the cache where only the result is gone.
    await rm(join(folder, 'out'), { recursive: true });
    expect(await run()).toEqual([0, 2, false]);
    expect(await run({ force: true })).toEqual([9, 3, false]);
  });

  it('goes on where it was stopped, in the embedding and in the probe', async () => {
    const task = await writeToneTask(join(folder, 'task'), { clips: 30 });
    const stopAt = (stage: 'embed' | 'probe') => {
      const controller = new AbortController();
      const onEvent = (event: BenchmarkEvent) => {
        if (event.kind === stage) controller.abort(new Error('stopped'));
      };
      return { abortSignal: controller.signal, onEvent };
    };
    const before = embeddedClips();
    await expect(runBenchmark(fakeRun(folder, [task], stopAt('embed')))).rejects.toThrow('stopped');
    // One batch, the first split.
    expect(embeddedClips() - before).toBe(30);
    const parts: string[] = [];
    const evaluate: BenchmarkOptions['evaluate'] = async (input, options) => {
      const record: JournalRecord = { values: { score: 0.75 }, arrays: {} };
      if ((await options.journal?.read('part')) === undefined) {
        parts.push('computed');
        await options.journal?.write('part', record);
      } else parts.push('read');
      options.onProgress?.({ stage: 'grid', index: 0, total: 1, epoch: 1, maxEpochs: 2, bestScore: null });
      options.abortSignal?.throwIfAborted();
      return fakeEvaluate(input, options);
    };
    await expect(runBenchmark(fakeRun(folder, [task], { evaluate, ...stopAt('probe') }))).rejects.toThrow('stopped');
    expect(embeddedClips() - before).toBe(90);
    const [outcome] = await runBenchmark(fakeRun(folder, [task], { evaluate }));
    expect(outcome).toMatchObject({ reused: false, result: { cachedClips: 90 } });
    expect(embeddedClips() - before).toBe(90);
    expect(parts).toEqual(['computed', 'read']);
    // The journal goes when the result is there.
    expect(await readdir(join(folder, 'cache', 'artifacts', 'trainings'))).toEqual([]);
  });

  it('scores with the real probe, and gives the same numbers for the same seed', async () => {
    const task = await writeToneTask(join(folder, 'task'), { clips: 20 });
    const evaluation = { probe: 'mlp', grid: 'fast', gridPoints: 2, seed: 3 } as const;
    const run = async () => {
      const options = fakeRun(folder, [task], { evaluation, force: true, runtime: { threads: 1 } });
      const [outcome] = await runBenchmark({ ...options, evaluate: undefined });
      if (hasFailed(outcome)) throw outcome.error;
      const { scores, configuration, folds } = outcome.result;
      return { scores, configuration, validation: folds.map((fold) => fold.validationScore) };
    };
    const first = await run();
    // Low and high tones: counting zero crossings is enough.
    expect(first.scores.top1_acc.mean).toBeGreaterThanOrEqual(0.9);
    expect(await run()).toEqual(first);
  });

  it('reads tasks from archives and from folders of tasks, each once', async () => {
    const parent = join(folder, 'all tasks');
    await writeToneTask(join(parent, 'one'), { name: 'one', clips: 2 });
    await writeToneTask(join(parent, 'two'), { name: 'two', clips: 2 });
    const archive = join(folder, 'drei täsks.tar.gz');
    await writeToneTask(join(folder, 'tasks', 'three'), { name: 'three', clips: 2 });
    await createArchive({ gzip: true, file: archive, cwd: folder }, ['tasks']);
    const outcomes = await runBenchmark(fakeRun(folder, [parent, archive, join(parent, 'one')]));
    expect(outcomes.map(({ task }) => task)).toEqual(['one-v1-full', 'two-v1-full', 'three-v1-full']);
    expect(outcomes.some(hasFailed)).toBe(false);
  });
});

describe('a task that fails', () => {
  const noise = encodeWav(tone(0.1, 0, 2000), 8000);
  const broken: [string, Parameters<typeof writeToneTask>[1], RegExp][] = [
    ['an unreadable WAV', { replace: { 'test/1.wav': Uint8Array.of(1, 2, 3) } }, /'1\.wav'.*'test'/],
    ['a WAV without samples', { replace: { 'test/1.wav': encodeWav(new Float32Array(), 8000) } }, /'1\.wav'.*'test'/],
    [
      'NaN samples',
      {
        replace: {
          'test/1.wav': wavBytes({ code: 3, bits: 32, data: new Uint8Array(new Float32Array(4000).fill(NaN).buffer) }),
        },
      },
      /'1\.wav'.*'test'.*NaN/,
    ],
    ['another length than its fellows', { replace: { 'test/1.wav': noise } }, /'1\.wav'.*2000 samples/],
  ];

  it.each(broken)('%s leaves the others whole', async (_what, options, message) => {
    const bad = await writeToneTask(join(folder, 'bad'), { name: 'bad', clips: 2, ...options });
    const good = await writeToneTask(join(folder, 'good'), { name: 'good', clips: 2 });
    const outcomes = await runBenchmark(fakeRun(folder, [bad, good]));
    expect(outcomes.map(hasFailed)).toEqual([true, false]);
    const error = errorOf(outcomes[0]);
    expect(error).toBeInstanceOf(HearkenError);
    expect(error.message).toMatch(message);
    expect(await readdir(join(folder, 'out', 'fake-small'))).toEqual([
      'good-v1-full.json',
      'good-v1-full.predictions.npy',
      'good-v1-full.test.jsonl',
    ]);
  });

  it.each<[string, (bad: string) => Promise<void>, RegExp]>([
    ['no metadata', (bad) => rm(join(bad, 'task_metadata.json')), /no task_metadata\.json/],
    ['damaged metadata', (bad) => writeFile(join(bad, 'task_metadata.json'), '{'), /task_metadata\.json/],
    ['a missing clip', (bad) => rm(join(bad, '8000', 'train', '0.wav')), /'0\.wav'/],
    ['a missing label', (bad) => writeFile(join(bad, 'labelvocabulary.csv'), 'idx,label\n0,low\n'), /'high'/],
    ['no folder at all', (bad) => rm(bad, { recursive: true }), /no such file or folder/],
  ])('%s leaves the others whole', async (_what, damage, message) => {
    const bad = await writeToneTask(join(folder, 'tasks', 'bad'), { name: 'bad', clips: 2 });
    const good = await writeToneTask(join(folder, 'tasks', 'good'), { name: 'good', clips: 2 });
    await damage(bad);
    const outcomes = await runBenchmark(fakeRun(folder, [bad, good]));
    expect(outcomes.map(hasFailed)).toEqual([true, false]);
    expect(errorOf(outcomes[0]).message).toMatch(message);
  });

  it('leaves those beside it in its parent folder whole', async () => {
    const parent = join(folder, 'tasks');
    const bad = await writeToneTask(join(parent, 'bad'), { name: 'bad', clips: 2 });
    await writeToneTask(join(parent, 'good'), { name: 'good', clips: 2 });
    await rm(join(bad, 'train.json'));
    const outcomes = await runBenchmark(fakeRun(folder, [parent]));
    expect(outcomes.map(({ task }) => task)).toEqual([bad, 'good-v1-full']);
    expect(outcomes.map(hasFailed)).toEqual([true, false]);
  });

  it('by a fault in the evaluation leaves the others whole', async () => {
    const bad = await writeToneTask(join(folder, 'bad'), { name: 'bad', clips: 2 });
    const good = await writeToneTask(join(folder, 'good'), { name: 'good', clips: 2 });
    const evaluate: BenchmarkOptions['evaluate'] = (input, options) => {
      if (input.metadata.taskName === 'bad') throw new TypeError('a fault');
      return fakeEvaluate(input, options);
    };
    const outcomes = await runBenchmark(fakeRun(folder, [bad, good], { evaluate }));
    expect(outcomes.map(hasFailed)).toEqual([true, false]);
  });
});

describe('a call that cannot be carried out', () => {
  it.each<[string, Partial<BenchmarkOptions>, new (...args: never[]) => Error, RegExp]>([
    ['an unknown plugin', { model: 'baselin' }, PluginError, /did you mean 'baseline'/],
    ['an unknown model', { model: `${fakePlugin}:smal` }, OptionError, /did you mean 'small'/],
    ['an unknown option', { modelOptions: { scal: 1 } }, OptionError, /did you mean 'scale'/],
    ['a plugin that is no file', { model: './nowhere.mjs' }, PluginError, /nowhere\.mjs/],
    ['an empty model', { model: 'baseline:' }, OptionError, /no model after the colon/],
  ])('%s is refused before any task runs', async (_what, more, kind, message) => {
    const task = await writeToneTask(join(folder, 'task'), { clips: 2 });
    const events: string[] = [];
    const run = runBenchmark(fakeRun(folder, [task], { ...more, onEvent: ({ kind: name }) => events.push(name) }));
    await expect(run).rejects.toThrow(kind);
    await expect(run).rejects.toThrow(message);
    expect(events).toEqual([]);
  });

  it.each(['out', 'cache'])('a file in place of the %s folder is refused before any task runs', async (name) => {
    const task = await writeToneTask(join(folder, 'task'), { clips: 2 });
    await writeFile(join(folder, name), 'in the way');
    await expect(runBenchmark(fakeRun(folder, [task]))).rejects.toThrow(FileError);
  });
});
