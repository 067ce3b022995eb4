import { parseCampaign, planCampaign } from '@hearken/campaigns';
import type { TaskMetadata } from '@hearken/tasks';
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { campaignProgress } from '../../src/cli/progress/campaign-progress.js';
import { barView } from '../../src/cli/progress/bar-view.js';
import { lineView } from '../../src/cli/progress/line-view.js';
import type { TaskOutcome } from '../../src/run/benchmark.js';

function shown(models: string, outcomes: readonly (readonly [number, TaskOutcome])[]): string[] {
  let clock = 0;
  let text = '';
  const now = () => clock;
  const campaign = parseCampaign(`models: ${models}\ntasks: [x]`, 'c.yaml');
  const progress = campaignProgress(
    lineView((part) => (text += part), now),
    { now },
  );
  const metadata = { taskName: 't', mode: 'full' } as unknown as TaskMetadata;
  const tasks = ['one', 'two'].map((id) => ({ id, metadata, splits: new Map([['train', [{ name: 'a' } as never]]]) }));
  progress.plan(planCampaign(campaign, tasks));
  for (const [index, [seconds, outcome]] of outcomes.entries()) {
    const model = campaign.models[Math.floor(index / 2)];
    progress.event({ kind: 'task', task: outcome.task, index: index % 2, total: 2 }, model);
    clock = seconds;
    progress.event({ kind: 'outcome', outcome }, model);
  }
  return text.trimEnd().split('\n');
}

const failed = (task: string): TaskOutcome => ({ task, model: 'm', error: new Error('no') });
const done = (task: string, reused = false) =>
  ({
    ...{ task, model: 'm', path: 'r.json', reused },
    result: {
      seconds: { embed: 1, probe: 9 },
      evaluation: { probe: 'mlp' },
      folds: [],
      warnings: [],
      metric: 'x',
      scores: { x: { mean: 1, deviation: null } },
    },
  }) as unknown as TaskOutcome;

describe('the progress of a run of several jobs', () => {
  it('says what is done, running, waiting and failed, and when it ends', () => {
    const lines = shown('[a, b]', [
      [10, done('one')],
      [20, failed('two')],
      [20, done('one', true)],
      [20, failed('two')],
    ]);
    expect(lines.filter((line) => /^(?:All|Job)/.test(line))).toEqual([
      'Job 1 of 4: a on one',
      'All: 0 of 4 done, 1 running, 3 waiting',
      'Job 2 of 4: a on two',
      'All: 1 of 4 done, 1 running, 2 waiting, 30 s left',
      'Job 3 of 4: b on one',
      'All: 1 of 4 done, 1 failed, 1 running, 1 waiting, 20 s left',
      'Job 4 of 4: b on two',
      'All: 2 of 4 done (1 before this run), 1 failed, 1 running, 0 waiting, 10 s left',
    ]);
  });

  it('names tasks as before where there is one model', () => {
    expect(shown('[a]', [[10, done('one')]]).slice(0, 2)).toEqual([
      'Task 1 of 2: one',
      'All: 0 of 2 done, 1 running, 1 waiting',
    ]);
  });

  it('is a bar of its own on a terminal, above that of the work at hand', async () => {
    let text = '';
    const write = (chunk: Buffer, _: string, done: () => void) => {
      text += chunk.toString();
      done();
    };
    const view = barView(Object.assign(new Writable({ write }), { isTTY: true, columns: 200 }));
    view.begin('alone', 10);
    view.end();
    expect(text).not.toContain('All');
    view.whole?.(1, 4, '1 of 4 done');
    view.begin('one: embedding', 10);
    view.whole?.(2, 4, '2 of 4 done');
    view.update(5, '5 of 10 clips', 3);
    await expect
      .poll(() => text)
      .toMatch(/All \[.*\] 50 %, 2 of 4 done[^]*one: embedding \[.*\] 50 % 5 of 10 clips, 3 s left/);
    view.end();
  });
});
