import { CheckpointError, type Embedder, type Plugin } from '@hearken/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { hasFailed, type BenchmarkOptions } from '../../src/run/benchmark.js';
import { LoadedModel } from '../../src/run/loaded-model.node.js';
import { createNodeRegistry } from '../../src/plugins/plugins.node.js';
import { runBenchmark } from '../../src/run/run-benchmark.node.js';
import { fakePlugin, fakeRun } from '../../../../tests/support/fake-run.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { writeToneTask } from '../../../../tests/support/tone-task.js';

const temporaryFolder = temporaryFolders();
let events: string[];
let scale: number;
let registry: BenchmarkOptions['registry'];

/** The fake plugin, which tells when it loads and frees models. */
beforeEach(() => {
  events = [];
  scale = 1;
  registry = {
    ...createNodeRegistry(),
    resolve: async () => {
      const plugin = await createNodeRegistry().resolve(fakePlugin);
      const loadModel: Plugin['loadModel'] = async (path, options) => {
        events.push('load');
        const embedder: Embedder = await plugin.loadModel(path, { ...options, scale });
        const dispose = embedder.dispose.bind(embedder);
        embedder.dispose = async () => {
          events.push('free');
          await dispose();
        };
        return embedder;
      };
      return { ...plugin, loadModel };
    },
  };
});

function load(): Promise<LoadedModel> {
  return LoadedModel.load({ model: fakePlugin, registry });
}

describe('the model of a run', () => {
  it('is loaded once, and again only after it was released', async () => {
    const model = await load();
    expect(model.name).toBe('fake:small');
    expect(await model.open()).toBe(await model.open());
    await model.release();
    await model.release();
    expect(model.description.sampleRate).toBe(8000);
    expect((await model.open()).sceneEmbeddingSize).toBe(4);
    await model.release();
    expect(events).toEqual(['load', 'free', 'load', 'free']);
  });

  it('must be the same one again', async () => {
    const model = await load();
    await model.release();
    scale = 2;
    await expect(model.open()).rejects.toThrow(CheckpointError);
    expect(events).toEqual(['load', 'free', 'load', 'free']);
  });

  it('is freed before the last task is scored, and stays for tasks in between', async () => {
    const folder = await temporaryFolder();
    const tasks = [];
    for (const name of ['one', 'two', 'three'])
      tasks.push(await writeToneTask(`${folder}/${name}`, { name, clips: 2 }));
    const { evaluate } = fakeRun(folder, tasks);
    const options = fakeRun(folder, tasks, {
      registry,
      evaluate: (...given) => {
        events.push('evaluate');
        return evaluate!(...given);
      },
    });
    expect((await runBenchmark(options)).some(hasFailed)).toBe(false);
    expect(events).toEqual(['load', 'evaluate', 'evaluate', 'free', 'evaluate']);
  });
});
