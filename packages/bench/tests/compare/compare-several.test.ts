import { rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { severalText } from '../../src/cli/compare-output.js';
import { compareSeveral } from '@hearken/results/internal/node';
import type { BenchmarkOptions, FinishedTask } from '../../src/run/benchmark.js';
import { runBenchmark } from '../../src/run/run-benchmark.node.js';
import { fakeRun } from '../../../../tests/support/fake-run.js';
import { answering } from '../../../../tests/support/scored-task.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { writeToneTask } from '../../../../tests/support/tone-task.js';

const temporaryFolder = temporaryFolders();
let folder: string;
let task: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  task = await writeToneTask(join(folder, 'task'), { clips: 24, name: 'task' });
});

async function run(model: string, skill: number, more: Partial<BenchmarkOptions> = {}): Promise<FinishedTask> {
  const evaluate = answering(skill, skill * 100);
  const [outcome] = await runBenchmark(fakeRun(folder, [task], { out: join(folder, model), evaluate, ...more }));
  if ('error' in outcome) throw outcome.error;
  return outcome;
}

/** Changes what a result says. */
async function change(path: string, edit: (result: { evaluation: object; extensions?: unknown }) => void) {
  const result = JSON.parse(await readFile(path, 'utf8')) as { evaluation: object };
  edit(result);
  await writeFile(path, JSON.stringify(result));
}

describe('compareSeveral', () => {
  const evaluation = { probe: 'mlp', grid: 'default', gridPoints: 8 } as const;

  it('compares all that a folder holds, each configuration by itself, corrected together', async () => {
    for (const [seed, skill] of [1, 0.6, 0.3].entries())
      await run('all', skill, { evaluation: { ...evaluation, seed } });
    await run('all', 0.8, { modelOptions: { scale: 2 } });
    const { sides, comparisons, failures } = await compareSeveral([join(folder, 'all')]);
    expect(failures).toEqual([]);
    expect(sides).toHaveLength(4);
    expect(sides.map(({ settings }) => settings['options.scale']).sort()).toEqual([1, 1, 1, 2]);
    expect(comparisons).toHaveLength(6);
    const least = comparisons.reduce((one, other) => (other.pValue < one.pValue ? other : one));
    expect(least.adjustedPValue).toBeCloseTo(Math.min(1, 6 * least.pValue), 12);
    const text = severalText({ sides, comparisons, failures, level: 0.05 });
    expect(text).toMatch(/^A: fake:small, .*seed 0/m);
    expect(text).toContain('corrected for 6 comparisons');
    const first = await compareSeveral([join(folder, 'all')], { pairs: 'first' });
    expect(first.comparisons.map((one) => one.sides[0])).toEqual([0, 0, 0]);
    const [one, , , other] = sides.map(({ files }) => [...files.values()][0]);
    for (const order of [
      [one, other],
      [other, one],
    ]) {
      const ordered = await compareSeveral(order);
      expect(ordered.sides.map(({ files }) => [...files.values()][0])).toEqual(order);
    }
  });

  it('names a damaged result and compares the others', async () => {
    for (const seed of [0, 1, 2]) await run('all', 0.8, { evaluation: { ...evaluation, seed } });
    const path = (await run('all', 0.4, { modelOptions: { scale: 2 } })).path;
    await change(path, (result) => (result.evaluation = { ...result.evaluation, gridPoints: -1 } as object));
    const { sides, damaged, failures } = await compareSeveral([join(folder, 'all')]);
    expect([sides.length, failures]).toEqual([3, []]);
    expect(damaged).toEqual([{ file: path, problem: 'evaluation.gridPoints is -1, expected a whole number' }]);
    await expect(compareSeveral([path])).rejects.toThrow(/results in '.*': none: '.*': evaluation\.gridPoints is -1/);
  });

  it('takes only results with the settings that are named', async () => {
    for (const seed of [0, 1]) await run('all', 0.8, { evaluation: { ...evaluation, seed } });
    await run('other', 0.4, { evaluation: { ...evaluation, seed: 1 } });
    const where = new Map([['seed', '1']]);
    await expect(compareSeveral([join(folder, 'all')], { where })).rejects.toThrow(
      /1 configuration without a task in common/,
    );
    await expect(compareSeveral([join(folder, 'all')], { where: new Map([['probe', 'linear']]) })).rejects.toThrow(
      /results with probe=linear/,
    );
  });

  it('tells configurations apart by whatever a file says that it has itself, versions of its metrics included', async () => {
    const [one, other] = [await run('one', 0.8), await run('other', 0.4)];
    const record = { kind: 'metric', name: 'f2', version: '1', summary: 'F2', maximize: true, module: 'f2.js' };
    await change(one.path, (result) => {
      result.evaluation = { ...result.evaluation, constructor: 'x' };
      result.extensions = [{ ...record, sha256: 'a'.repeat(64) }];
    });
    await change(other.path, (result) => (result.extensions = [{ ...record, sha256: 'b'.repeat(64) }]));
    const { sides } = await compareSeveral([one.path, other.path]);
    expect(sides.map(({ settings }) => settings)).toEqual([
      { constructor: 'x', 'extensions.metric.f2.sha256': 'a'.repeat(64) },
      { constructor: null, 'extensions.metric.f2.sha256': 'b'.repeat(64) },
    ]);
  });

  it('reads each result once, however many pairs it is in', async () => {
    const paths: string[] = [];
    for (const [seed, skill] of [1, 0.6, 0.3].entries())
      paths.push((await run('all', skill, { evaluation: { ...evaluation, seed } })).path);
    const { comparisons, failures } = await compareSeveral(paths, {
      // The first pairs are those of the first result with all others.
      onTask: (_task, index) => {
        if (index === 2) for (const path of paths) rmSync(path.replace(/\.json$/, '.predictions.npy'));
      },
    });
    expect(failures).toEqual([]);
    expect(comparisons).toHaveLength(3);
  });
});
