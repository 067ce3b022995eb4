import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseSampleRate, openTask, readClip } from '@hearken/tasks/node';
import { dataSplits } from '@hearken/tasks';

const archives = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'tasks');
const present = existsSync(archives);
if (!present) console.warn(`shared-tasks.test.ts is skipped: there are no task archives at ${archives}`);

it.runIf(process.env.CI === 'true')('has the shared tasks in CI', () => {
  expect(present).toBe(true);
});

describe.skipIf(!present)('published task archives', () => {
  let cacheFolder: string;
  beforeAll(async () => {
    cacheFolder = await mkdtemp(join(tmpdir(), 'hearken shared '));
  });
  afterAll(() => rm(cacheFolder, { recursive: true, force: true }));

  it.each([
    ['hear-2021.0.6-spoken_digit-1.0.9-small-44100.tar.gz', 'spoken_digit-1.0.9-small', 5, 100, 44100, 1],
    ['fsdd_digit-v1-full.tar.gz', 'fsdd_digit-v1-full', 5, 3000, 8000, 1],
    ['fsdd_speaker-v1-full.tar.gz', 'fsdd_speaker-v1-full', 5, 600, 8000, 1],
    ['digits_in_noise-v1-full.tar.gz', 'digits_in_noise-v1-full', 1, 40, 16000, 20],
  ])('opens %s and reads its clips', async (archive, id, runs, clipCount, rate, seconds) => {
    const task = await openTask(join(archives, archive), { cacheFolder });
    expect(task.id).toBe(id);
    expect(dataSplits(task)).toHaveLength(runs);
    expect([...task.splits.values()].flat()).toHaveLength(clipCount);
    expect(chooseSampleRate(task, 32000)).toBe(rate);
    for (const [split, clips] of task.splits) {
      for (const clip of clips.slice(0, 20)) {
        expect(await readClip(task, split, clip, { sampleRate: 32000 })).toHaveLength(32000 * seconds);
      }
    }
  });
});
