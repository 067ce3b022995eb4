import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileError, TaskError } from '@hearken/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { compareResults } from '@hearken/results/node';
import { writeNpy } from '@hearken/signals';
import type { BenchmarkOptions } from '../../src/run/benchmark.js';
import { runBenchmark } from '../../src/run/run-benchmark.node.js';
import { fakeRun } from '../../../../tests/support/fake-run.js';
import { answering } from '../../../../tests/support/scored-task.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { type ToneTaskOptions, writeToneTask } from '../../../../tests/support/tone-task.js';

const temporaryFolder = temporaryFolders();
let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

/** Runs a made-up model on tasks of these names; returns its folder of results. */
async function results(
  model: string,
  skill: number,
  tasks: readonly ToneTaskOptions[],
  more: Partial<BenchmarkOptions> = {},
): Promise<string> {
  const paths: string[] = [];
  for (const task of tasks) {
    paths.push(await writeToneTask(join(folder, 'tasks', model, task.name!), { clips: 24, ...task }));
  }
  const evaluate = answering(skill, skill * 100);
  const out = join(folder, model);
  const outcomes = await runBenchmark(fakeRun(folder, paths, { out, evaluate, ...more }));
  for (const outcome of outcomes) if ('error' in outcome) throw outcome.error;
  return join(out, 'fake-small');
}

describe('compareResults', () => {
  it('shows on which tasks one model is better for certain', async () => {
    const tasks = [{ name: 'one' }, { name: 'two', event: true, clips: 12 }];
    const good = await results('good', 1, [...tasks, { name: 'three' }]);
    const bad = await results('bad', 0.3, [...tasks, { name: 'four' }]);
    const { comparisons, failures, alone } = await compareResults([good, bad]);
    expect(failures).toEqual([]);
    expect(alone).toEqual([['three-v1-full'], ['four-v1-full']]);
    expect(comparisons).toMatchObject([
      { task: 'one-v1-full', metric: 'top1_acc', better: 0, scores: [1, expect.any(Number)] },
      // Less of an error rate is better.
      { task: 'two-v1-full', metric: 'segment_1s_er', better: 0 },
    ]);
    expect(comparisons[1].difference).toBeLessThan(0);
    for (const { pValue, adjustedPValue, interval } of comparisons) {
      expect(adjustedPValue).toBeGreaterThanOrEqual(pValue);
      expect(interval!.low * interval!.high).toBeGreaterThan(0);
    }
    const [{ results: sides }] = comparisons;
    expect(sides.map(({ model }) => model)).toEqual(['fake:small', 'fake:small']);
    // The other way around, and twice the same.
    const turned = await compareResults([bad, good]);
    expect(turned.comparisons.map(({ better }) => better)).toEqual([1, 1]);
    expect(await compareResults([bad, good])).toEqual(turned);
  });

  it('shows no difference where there is none', async () => {
    const one = await results('one', 0.8, [{ name: 'task' }]);
    const file = join(one, 'task-v1-full.json');
    expect((await compareResults([one, file])).comparisons).toMatchObject([{ difference: 0, pValue: 1, better: null }]);
  });

  it('takes the default evaluation of several, and otherwise asks for the files', async () => {
    const one = await results('one', 0.8, [{ name: 'task' }]);
    const evaluation = { probe: 'mlp', grid: 'default', gridPoints: 8 } as const;
    await results('one', 0.8, [{ name: 'task' }], { evaluation: { ...evaluation, seed: 1 } });
    expect((await compareResults([one, one])).comparisons[0].results[0].path).toBe(join(one, 'task-v1-full.json'));
    await results('one', 0.8, [{ name: 'task' }], { evaluation: { ...evaluation, seed: 2 } });
    await rm(join(one, 'task-v1-full.json'));
    const { comparisons, failures } = await compareResults([one, one]);
    expect(comparisons).toEqual([]);
    expect(failures[0].error.message).toMatch(/2: .*pass the files to compare/);
  });

  it('refuses a folder with the results of several models', async () => {
    await results('one', 0.8, [{ name: 'task' }]);
    await results('one', 0.8, [{ name: 'task' }], { modelOptions: { model: 'other' } });
    const both = join(folder, 'one');
    await expect(compareResults([both, both])).rejects.toThrow(/fake:other, fake:small|fake:small, fake:other/);
  });

  it.each([
    ['nowhere', /no such file or folder/],
    ['.', /no JSON files/],
  ])('refuses %s, which has no results', async (path, message) => {
    await mkdir(join(folder, 'empty'));
    const place = join(folder, path === '.' ? 'empty' : path);
    await expect(compareResults([place, place])).rejects.toThrow(FileError);
    await expect(compareResults([place, place])).rejects.toThrow(message);
  });

  it('refuses models without a task in common', async () => {
    const pair = [await results('one', 1, [{ name: 'x' }]), await results('two', 1, [{ name: 'y' }])] as const;
    await expect(compareResults([...pair])).rejects.toThrow(TaskError);
    await expect(compareResults([...pair])).rejects.toThrow(
      /no common task: the first has x-v1-full; the second has y-v1-full/,
    );
  });
});

describe('results that cannot be compared', () => {
  async function failure(change: (good: string, other: string) => Promise<unknown>, task: ToneTaskOptions = {}) {
    const good = await results('good', 1, [{ name: 'task' }]);
    const other = await results('other', 0.5, [{ name: 'task', ...task }]);
    await change(join(good, 'task-v1-full'), join(other, 'task-v1-full'));
    const { comparisons, failures } = await compareResults([good, other]);
    expect(comparisons).toEqual([]);
    return failures[0].error.message;
  }

  it.each<[string, (good: string, other: string) => Promise<unknown>, RegExp]>([
    ['no predictions', (good) => rm(`${good}.predictions.npy`), /task-v1-full\.predictions\.npy': no such file/],
    ['no test clips', (good) => rm(`${good}.test.jsonl`), /test\.jsonl': no such file/],
    ['damaged predictions', (good) => writeFile(`${good}.predictions.npy`, 'x'), /no NumPy header/],
    ['damaged test clips', (good) => writeFile(`${good}.test.jsonl`, '{}'), /line 1/],
    [
      "another result's predictions",
      (good, other) => copyFile(`${good}.predictions.npy`, `${other}.predictions.npy`),
      /top1_acc 1, which is not the score in the result/,
    ],
    [
      'fewer predictions',
      (good) => writeFile(`${good}.predictions.npy`, writeNpy(new Float32Array(4), [2, 2])),
      /shape \[2, 2\], expected \[24, 2\]/,
    ],
    [
      'a path that leads elsewhere',
      (good) => replaceIn(`${good}.json`, '"task-v1-full.predictions.npy"', '"../secret.npy"'),
      /test predictions of result .*: none/,
    ],
    [
      'another metric',
      (good) => replaceIn(`${good}.json`, '"metric": "top1_acc"', '"metric": "nothing"'),
      /task-v1-full\.json': .*lacks the deciding metric 'nothing'.*hearken verify/,
    ],
    [
      'a model that is no text',
      (good) => replaceIn(`${good}.json`, '"plugin": "fake"', '"plugin": {"toString": 1}'),
      /task-v1-full\.json': model\.plugin is \{"toString":1\}, expected a non-empty string.*hearken verify/,
    ],
    [
      'test clips of other content',
      (good) => replaceIn(`${good}.test.jsonl`, '"contentHash":"', '"contentHash":"f'),
      /with different content/,
    ],
  ])('have %s', async (_what, change, message) => {
    expect(await failure(change)).toMatch(message);
  });

  it.each<[string, ToneTaskOptions, RegExp]>([
    ['of other clips', { clips: 25 }, /task content hashes [0-9a-f]{12} and [0-9a-f]{12}/],
    ['by another metric', { metadata: { evaluation: ['mAP', 'top1_acc'] } }, /top1_acc and mAP/],
  ])('are %s', async (_what, task, message) => {
    expect(await failure(() => Promise.resolve(), task)).toMatch(message);
  });

  it('are of other test clips, though both say that they read another folder', async () => {
    const message = await failure(
      (good) =>
        replaceIn(
          `${good}.json`,
          '"sampleRate": 8000,\n    "embeddingType"',
          '"sampleRate": 16000,\n    "embeddingType"',
        ),
      { clips: 25 },
    );
    expect(message).toMatch(/different test clips in fold 'test'/);
  });

  it('are not those of models that read the same clips at different rates', async () => {
    const good = await results('good', 1, [{ name: 'task' }]);
    const other = await results('other', 0.5, [{ name: 'task' }]);
    const hash = /"contentHash": ?"[0-9a-f]+"/;
    for (const name of ['task-v1-full.json', 'task-v1-full.test.jsonl']) {
      const text = await readFile(join(other, name), 'utf8');
      await writeFile(
        join(other, name),
        text.replace(hash, `"contentHash": "${'01'.repeat(32)}"`).replace('"sampleRate": 8000', '"sampleRate": 16000'),
      );
    }
    expect((await compareResults([good, other])).failures).toEqual([]);
  });
});

async function replaceIn(path: string, from: string, to: string): Promise<void> {
  const text = await readFile(path, 'utf8');
  expect(text).toContain(from);
  await writeFile(path, text.replace(from, to));
}
