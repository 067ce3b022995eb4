import { type Embedder, getSceneEmbeddings } from '@hearken/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeMiniTasks, openTask, readClip } from '@hearken/tasks/node';
import { chooseMiniTasks } from '@hearken/tasks/internal';
import { makeTask } from '../../src/web/mini/made-task.js';
import { type MiniProgress, runMiniBenchmarkWith } from '../../src/web/mini/run-mini-benchmark.js';
import { createSession } from '../probes/sessions.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();

/** Embeds a signal by the levels of its sixteen parts: enough to score above chance. */
function partLevels(channels: number, sampleRate: number): Embedder {
  const size = 16;
  return {
    sampleRate,
    channels,
    sceneEmbeddingSize: size,
    timestampEmbeddingSize: size,
    minimumSceneSamples: size,
    minimumTimestampSamples: size,
    provenance: {
      plugin: 'levels',
      pluginVersion: '1',
      model: 'levels',
      checkpointSha256: null,
      options: {},
      backend: '',
    },
    embedScenes: ({ data, count }) => {
      const length = data.length / count / size;
      const levels = Float32Array.from({ length: count * size }, (_, part) => {
        const values = data.subarray(Math.round(part * length), Math.round((part + 1) * length));
        return Math.log(1e-4 + values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length);
      });
      return Promise.resolve({ data: levels, count, size });
    },
    embedTimestamps: () => Promise.reject(new Error('not asked for')),
    dispose: () => Promise.resolve(),
  };
}

describe('a mini task in memory', () => {
  let folders: string[];
  beforeAll(async () => {
    folders = await makeMiniTasks(await temporaryFolder(), { seed: 2 });
  });

  it('is what lies on disk', async () => {
    for (const [index, chosen] of chooseMiniTasks(undefined, 2).entries()) {
      const disk = await openTask(folders[index]);
      const { task, sampleRate, signals } = await makeTask(chosen, 2);
      expect(task).toEqual({ id: disk.id, metadata: disk.metadata, labels: disk.labels, splits: disk.splits });
      expect([sampleRate]).toEqual(disk.sampleRates);
      const channels = disk.metadata.leads.length || 1;
      for (const [split, clips] of task.splits) {
        for (const clip of clips.filter((_, place) => place % 5 === 0)) {
          expect(signals.get(clip)).toEqual(await readClip(disk, split, clip, { sampleRate, channels }));
        }
      }
    }
  });
});

describe('runMiniBenchmark', () => {
  it('scores the tasks that fit, and tells how far it is', async () => {
    const progress: MiniProgress[] = [];
    const results = await runMiniBenchmarkWith(createSession, {
      embedder: partLevels(12, 250),
      onProgress: (one) => progress.push(one),
    });
    expect(results).toHaveLength(1);
    const [{ task, metric, score, deviation, clips, seconds }] = results;
    expect([task, metric, deviation, clips]).toEqual(['rhythm', 'top1_acc', null, 144]);
    // A quarter would be chance.
    expect(score).toBeGreaterThan(0.35);
    expect(seconds.embed).toBeGreaterThan(0);
    expect(seconds.probe).toBeGreaterThan(0);
    expect([...new Set(progress.map(({ stage }) => stage))]).toEqual(['make', 'embed', 'probe']);
    expect(progress.filter(({ stage }) => stage === 'embed').at(-1)).toMatchObject({ done: 144, total: 144 });
  });

  it('refuses what it cannot run', async () => {
    const run = (tasks: string[], embedder = partLevels(1, 16_000)) =>
      runMiniBenchmarkWith(createSession, { embedder, tasks });
    await expect(run(['rythm'])).rejects.toThrow(/did you mean 'rhythm'/i);
    await expect(run(['rhythm'])).rejects.toThrow(/12-lead ECGs for an audio model/);
    const broken = { ...partLevels(1, 16_000), embedScenes: getSceneEmbeddings as never };
    await expect(run(['pitch'], broken)).rejects.toThrow();
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    const running = runMiniBenchmarkWith(createSession, {
      embedder: partLevels(1, 16_000),
      tasks: ['scenes'],
      onProgress: ({ stage }) => {
        if (stage === 'embed') controller.abort(new Error('enough'));
      },
      abortSignal: controller.signal,
    });
    await expect(running).rejects.toThrow('enough');
  });
});
