// Training through the plugin: examples as the embedder's, and steps of each recipe.
import { getSceneEmbeddings, type TrainableModel } from '@hearken/core';
import { createNodeSession } from '@hearken/onnx/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../tests/support/temporary-folder.js';
import { expectSaved, noise, trainShortly } from '../../../tests/support/training-conformance.js';
import { deviation } from '../../../tests/support/training-fixtures.js';
import plugin from '../src/index.js';
import { fixture } from './fixture.js';

const checkpoint = fixture('');
const temporaryFolder = temporaryFolders();
let model: TrainableModel;
beforeAll(async () => {
  model = await plugin.training!.open(checkpoint, {});
});
afterAll(() => model.dispose());

it('prepares what the embedder feeds its network, also of short clips', async () => {
  const form = model.form(5);
  expect(form.samples).toBe(32_000);
  for (const samples of [32_000, 20_000]) {
    const signals = noise(3, 1, samples);
    const examples = await model.prepare(signals, form);
    const embedder = await plugin.loadModel(checkpoint);
    const { data, size } = await getSceneEmbeddings(signals, embedder);
    await embedder.dispose();
    // A head that gives the scene embedding back.
    const { model: graph, input } = model.network({ outputs: size, form });
    const session = await createNodeSession(graph, { external: model.weights });
    const identity = Float32Array.from({ length: size * size }, (_, index) => Number(index % (size + 1) === 0));
    const { logits } = await session.run({
      [input]: { data: examples, shape: [3, ...form.shape] },
      'head.weight': { data: identity, shape: [size, size] },
      'head.bias': { data: new Float32Array(size), shape: [size] },
    });
    await session.dispose();
    expect(deviation(logits.data as Float32Array, data)).toBeLessThan(1e-5);
  }
});

describe('steps', () => {
  it.each([
    ['head', {}, 2],
    ['last-blocks', { blocks: 1 }, 22],
    ['lora', { rank: 2 }, undefined],
    ['full', { mixup: 0.3 }, undefined],
  ] as const)('of recipe %s run', async (recipe, settings, tensors) => {
    const trained = await trainShortly({ plugin, model, recipe, settings, seconds: 2 });
    if (tensors !== undefined) expect(trained.moved).toHaveLength(tensors);
    expect(trained.moved).toContain('head.weight');
    if (recipe === 'last-blocks') {
      expect(trained.moved).toContain('pooler.dense.weight');
    }
  });
});

describe('what cannot be trained', () => {
  it('is refused', async () => {
    const training = plugin.training!;
    await expect(training.open(undefined, {})).rejects.toThrow('no checkpoint');
    await expect(training.open(checkpoint, { precision: 'int8' })).rejects.toThrow('leave the option precision out');
    expect(() => model.network({ outputs: 2, form: model.form(1), variant: 'mixed' })).toThrow("network 'mixed'");
  });
});

it('is saved so that the plugin loads it again', async () => {
  const trained = await trainShortly({ plugin, model, recipe: 'full', seconds: 2 });
  await expectSaved({ plugin, model }, trained, await temporaryFolder());
});
