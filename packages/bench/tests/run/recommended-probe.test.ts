import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { BenchmarkEvent } from '../../src/run/benchmark.js';
import { runBenchmark } from '../../src/run/run-benchmark.node.js';
import { fakeRun } from '../../../../tests/support/fake-run.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { type ToneTaskOptions, writeToneTask } from '../../../../tests/support/tone-task.js';

const temporaryFolder = temporaryFolders();
let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

/** What a run notes, by a probe, on a task. */
async function notes(probe: string, task: ToneTaskOptions = {}): Promise<string[]> {
  const path = await writeToneTask(join(folder, 'task'), { clips: 4, ...task });
  const noted: string[] = [];
  const onEvent = (event: BenchmarkEvent) => {
    if (event.kind === 'note') noted.push(event.message);
  };
  const evaluation = { probe, grid: 'default', gridPoints: 8, seed: 0 } as const;
  const [outcome] = await runBenchmark(fakeRun(folder, [path], { evaluation, onEvent }));
  if ('error' in outcome) throw outcome.error;
  return noted;
}

describe('a run of few training clips', () => {
  it('recommends the linear probe for them', async () => {
    expect(await notes('mlp')).toEqual([
      "4 training clips: with fewer than about 1000, --probe linear is recommended; HEAR's mlp probe is made for more",
    ]);
  });

  it('does not to those who use it, nor for events, of which each clip has many', async () => {
    expect(await notes('linear')).toEqual([]);
    expect(await notes('mlp', { name: 'events', event: true })).toEqual([]);
  });
});
