import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { compareText } from '../../src/cli/compare-output.js';
import { resultsTable, scoreText } from '../../src/cli/results-output.js';
import { compareResults, verifyResult } from '@hearken/results/node';
import type { BenchmarkOptions, FinishedTask } from '../../src/run/benchmark.js';
import { runBenchmark } from '../../src/run/run-benchmark.node.js';
import { fakeRun } from '../../../../tests/support/fake-run.js';
import { answering } from '../../../../tests/support/scored-task.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { writeToneTask } from '../../../../tests/support/tone-task.js';

const temporaryFolder = temporaryFolders();
let folder: string;
let task: string;
const clips = 24;

beforeEach(async () => {
  folder = await temporaryFolder();
  task = await writeToneTask(join(folder, 'task'), { clips, name: 'task' });
});

/** Writes whose each clip is: `people` people a split, and nobody in two splits. */
async function writePeople(people: number, column = 'group', shared = false): Promise<void> {
  const lines = ['train', 'valid', 'test'].flatMap((split) =>
    Array.from({ length: clips }, (_, clip) => `${clip}.wav,${split},${shared ? '' : split}-${clip % people}`),
  );
  await writeFile(join(task, 'clips.csv'), `clip,split,${column}\n${lines.join('\n')}\n`);
}

async function run(model: string, skill: number, more: Partial<BenchmarkOptions> = {}): Promise<FinishedTask> {
  const evaluate = answering(skill, skill * 100);
  const [outcome] = await runBenchmark(fakeRun(folder, [task], { out: join(folder, model), evaluate, ...more }));
  if ('error' in outcome) throw outcome.error;
  return outcome;
}

describe('a task that names groups', () => {
  it('has intervals over them, says how many each split has, and that six cannot tell models apart', async () => {
    const alone = await run('alone', 0.8);
    expect(alone.result.scores.top1_acc).toMatchObject({
      clips,
      interval: { over: 'clips', method: 'clopper-pearson' },
    });
    expect(alone.result.assumptions).toEqual([expect.stringContaining('independent of each other')]);
    await writePeople(6);
    const { result, path } = await run('grouped', 0.8);
    expect(result.groups).toEqual({ column: 'group', splits: { train: 6, valid: 6, test: 6 } });
    expect(result.scores.top1_acc).toMatchObject({
      mean: alone.result.scores.top1_acc.mean,
      clips,
      groups: 6,
      interval: { over: 'groups', method: 'korn-graubard' },
    });
    expect(result.warnings).toContainEqual(expect.stringMatching(/6 people are too few to tell models apart/));
    expect((await readFile(path.replace('.json', '.test.jsonl'), 'utf8')).split('\n')[2]).toMatch(/"group":1/);
    // What the fake probe answers are no probabilities.
    expect((await verifyResult(path)).problems.filter(({ field }) => field !== 'predictions')).toEqual([]);
    expect(scoreText({ task: 'task', model: 'm', result, path, reused: false })).toMatch(
      /n 24 \(6 groups\), chance 0\.\d+/,
    );
    expect(resultsTable([{ task: 'task', model: 'm', result, path, reused: false }])).toMatch(/24 \(6 groups\)/);
  });

  it('calls groups people only where they are, and has none where clips are said to share nobody', async () => {
    const path = join(task, 'task_metadata.json');
    const metadata = JSON.parse(await readFile(path, 'utf8')) as object;
    const ran = async (model: string, grouping: object) => {
      await writeFile(path, JSON.stringify({ ...metadata, grouping }));
      return (await run(model, 0.8)).result;
    };
    await writePeople(6);
    const videos = await ran('videos', { state: 'named', by: 'video', count: 18 });
    expect(videos.groups).toEqual({ column: 'group', by: 'video', splits: { train: 6, valid: 6, test: 6 } });
    expect([...videos.warnings, ...(videos.assumptions ?? [])].join()).not.toMatch(/people/);
    expect(videos.warnings).toContainEqual(expect.stringMatching(/6 groups are too few to tell models apart/));
    await writePeople(6, 'patient');
    const none = await ran('none', { state: 'none' });
    expect([none.groups, none.scores.top1_acc.groups]).toEqual([undefined, undefined]);
  });

  it('is computed again where the groups came later', async () => {
    expect((await run('one', 0.8)).reused).toBe(false);
    expect((await run('one', 0.8)).reused).toBe(true);
    await writePeople(6);
    const again = await run('one', 0.8);
    expect(again.reused).toBe(false);
    expect(again.result.scores.top1_acc.groups).toBe(6);
    expect((await run('one', 0.8)).reused).toBe(true);
  });

  it('exchanges groups where two models are compared, and withholds the verdict on few', async () => {
    await writePeople(6);
    await Promise.all([run('good', 1), run('bad', 0.2)]);
    const few = await compareResults([join(folder, 'good'), join(folder, 'bad')]);
    expect(few.comparisons[0].chance).toEqual([0.5, 0.5]);
    expect(compareText(few)).toMatch(/│ +n │ chance │ +A │[^]*│ 24 \(6 groups\) │ 0\.5000 │/);
    expect(few.comparisons[0]).toMatchObject({ clips, groups: 6, exact: true, exchanges: 64, better: null });
    // Six that agree: two of the 64 exchanges are as far from zero.
    expect(few.comparisons[0].pValue).toBeGreaterThanOrEqual(2 / 64);
    expect(compareText(few)).toMatch(/cannot tell: 6 groups[\s\S]*Fewer than 10 groups cannot tell models apart/);
    await writePeople(12);
    await Promise.all([run('good', 1), run('bad', 0.2)]);
    const enough = await compareResults([join(folder, 'good'), join(folder, 'bad')]);
    expect(enough.comparisons[0]).toMatchObject({ groups: 12, better: 0 });
    expect(compareText(enough)).toContain('group by group');
  });

  it.each(['group', 'patient'])('refuses a %s in two splits by name, unless the task is meant so', async (column) => {
    await writePeople(6, column, true);
    const message = new RegExp(`'-0' in train and valid and test, .*column '${column}'.*divides_groups`);
    await expect(run('one', 0.8)).rejects.toThrow(message);
    const path = join(task, 'task_metadata.json');
    const metadata = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    await writeFile(path, JSON.stringify({ ...metadata, evaluation_params: { divides_groups: true } }));
    expect((await run('one', 0.8)).result.warnings[0]).toMatch(/scores may be too good/);
  });
});
