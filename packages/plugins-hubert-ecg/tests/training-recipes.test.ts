// Training through the plugin: examples as the embedder's, and steps of each recipe.
import { getSceneEmbeddings, type TrainableModel } from '@hearken/core';
import { createNodeSession } from '@hearken/onnx/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../tests/support/temporary-folder.js';
import { expectSaved, noise, trainShortly } from '../../../tests/support/training-conformance.js';
import { deviation } from '../../../tests/support/training-fixtures.js';
import plugin from '../src/index.js';
import { fixture } from './fixture.js';

const checkpoint = fixture('hubert_ecg_tiny.pt');
const temporaryFolder = temporaryFolders();
let model: TrainableModel;
beforeAll(async () => {
  model = await plugin.training!.open(checkpoint, {});
});
afterAll(() => model.dispose());

it('prepares what the embedder feeds its network', async () => {
  const form = model.form(10);
  expect(form).toEqual({ samples: 2500, shape: [6000] });
  const signals = noise(3, 12, form.samples);
  const examples = await model.prepare(signals, form);
  const embedder = await plugin.loadModel(checkpoint);
  const { data, size } = await getSceneEmbeddings(signals, embedder);
  await embedder.dispose();
  // A head that gives the scene embedding back.
  const { model: graph, input } = model.network({ outputs: size, form });
  const session = await createNodeSession(graph, { external: model.weights });
  const identity = Float32Array.from({ length: size * size }, (_, index) => Number(index % (size + 1) === 0));
  const { logits } = await session.run({
    [input]: { data: examples, shape: [3, 6000] },
    'classifier.weight': { data: identity, shape: [size, size] },
    'classifier.bias': { data: new Float32Array(size), shape: [size] },
  });
  await session.dispose();
  expect(deviation(logits.data as Float32Array, data)).toBeLessThan(1e-5);
});

describe('steps', () => {
  const settings = { learningRate: 1e-3, blocks: 1 };

  it('of its own recipe train the head, the feature projection and the last blocks, which are saved', async () => {
    const training = { plugin, model, recipe: 'hubert-ecg', settings, kind: 'multilabel', seconds: 5 } as const;
    const trained = await trainShortly(training);
    // The first update has rate 0.
    const { moved, names } = trained;
    expect(moved).toEqual(names);
    expect(new Set(names.map((name) => name.split('.').slice(0, 2).join('.')))).toEqual(
      new Set([
        'classifier.weight',
        'classifier.bias',
        'feature_projection.layer_norm',
        'feature_projection.projection',
        'encoder.layers',
      ]),
    );
    await expectSaved({ plugin, model, kind: 'multilabel' }, trained, await temporaryFolder());
  });

  it.each([
    ['all kinds of dropout, and skipped layers', { moduleDropout: 0.1, layerDrop: 0.5 }, true],
    ['the extractor', { blocks: -1, extractor: true }, true],
    ['layer-wise rates', { blocks: -1, layerWiseRates: true }, true],
    ['freezing steps', { freezingSteps: 3 }, false],
    ['accumulated batches, more than there are', { accumulate: 9, layerDrop: 0.5 }, true],
  ])('of its own recipe with %s run', async (_name, changes, movesBlocks) => {
    const all = { ...settings, ...changes };
    const { moved } = await trainShortly({ plugin, model, recipe: 'hubert-ecg', settings: all, seconds: 5 }, 3);
    expect(moved).toContain('classifier.weight');
    expect(moved).toContain('feature_projection.projection.weight');
    expect(moved.some((name) => name.startsWith('encoder.layers.'))).toBe(movesBlocks);
    expect(moved.some((name) => name.startsWith('feature_extractor.'))).toBe('extractor' in changes);
  });

  it.each(['head', 'last-blocks', 'lora', 'full'])('of recipe %s run', async (recipe) => {
    const { moved } = await trainShortly({ plugin, model, recipe, settings: { blocks: 1 }, seconds: 5 });
    expect(moved).toContain('classifier.weight');
  });
});

describe('what cannot be trained', () => {
  it('is refused', async () => {
    const training = plugin.training!;
    await expect(training.open(undefined, {})).rejects.toThrow('no checkpoint');
    await expect(training.open(checkpoint, { precision: 'int8' })).rejects.toThrow('leave the option precision out');
    expect(() => model.network({ outputs: 2, form: model.form(5), variant: 'mixed' })).toThrow("network 'mixed'");
    await expect(model.prepare(noise(1, 12, 2499), model.form(5))).rejects.toThrow('leave shorter records out');
    const flat = noise(1, 12, 2500);
    flat.data.fill(0, 2500, 5000);
    await expect(model.prepare(flat, model.form(5))).rejects.toThrow('lead II flat');
  });
});
