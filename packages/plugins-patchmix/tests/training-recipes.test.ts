// Training through the plugin: examples as the embedder's, positions for other lengths, and steps of each recipe.
import { join } from 'node:path';
import { getSceneEmbeddings, type LoadOptions, type TrainableModel } from '@hearken/core';
import { createNodeSession } from '@hearken/onnx/node';
import { listParameters } from '@hearken/train';
import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../tests/support/temporary-folder.js';
import { expectSaved, noise, trainShortly } from '../../../tests/support/training-conformance.js';
import { deviation, describeTrainingFixtures, readTensors } from '../../../tests/support/training-fixtures.js';
import plugin from '../src/index.js';
import { transposedPositions } from '../src/positions.js';
import { fixture } from './fixture.js';

const checkpoint = fixture('best.pth');
const temporaryFolder = temporaryFolders();

async function withModel(options: LoadOptions, test: (model: TrainableModel) => Promise<void>): Promise<void> {
  const model = await plugin.training!.open(checkpoint, options);
  try {
    await test(model);
  } finally {
    await model.dispose();
  }
}

describe('examples', () => {
  it.each([
    ['as long as the model was trained on', {}, 8],
    ['short', {}, 3],
    ['of a window with other positions', { seconds: 4 }, 4.1],
    ["of a window with its authors' positions", { seconds: 4, positions: 'patchmix' }, 4],
  ])('%s are what the embedder feeds its network', async (_name, options, seconds) => {
    await withModel(options, async (model) => {
      const form = model.form(seconds);
      const signals = noise(2, 1, Math.round(seconds * model.sampleRate));
      const examples = await model.prepare(signals, form);
      const embedder = await plugin.loadModel(checkpoint, options);
      const { data } = await getSceneEmbeddings(signals, embedder);
      await embedder.dispose();
      const { model: graph, input, head } = model.network({ outputs: 2, form });
      const session = await createNodeSession(graph, { external: model.weights });
      const zeros = head.map(({ name, shape }) => {
        return [name, { data: new Float32Array(shape.reduce((size, one) => size * one, 1)), shape }] as const;
      });
      const { features } = await session.run({
        [input]: { data: examples, shape: [2, ...form.shape] },
        ...Object.fromEntries(zeros),
      });
      await session.dispose();
      expect(deviation(features.data as Float32Array, data)).toBeLessThan(1e-5);
    });
  });
});

describe('steps', () => {
  const settings = { learningRate: 1e-3 };

  it.each([
    ['patchmix-ce', ['classifier.0.weight', 'v.pos_embed']],
    ['patchmix-mix-ce', ['classifier.1.weight', 'v.cls_token']],
    ['patchmix-cl', ['projector.linear2.weight', 'projector.bn.running_mean', 'v.patch_embed.proj.bias']],
    ['head', ['classifier.1.bias']],
    ['last-blocks', ['v.norm.weight', 'classifier.1.bias']],
    ['lora', ['classifier.1.bias']],
    ['full', ['v.pos_embed']],
  ])('of recipe %s run', async (recipe, expected) => {
    await withModel({ seconds: 1 }, async (model) => {
      const blocks = recipe === 'last-blocks' ? { blocks: 1 } : {};
      const { moved } = await trainShortly({ plugin, model, recipe, settings: { ...settings, ...blocks }, seconds: 1 });
      for (const name of expected) expect(moved.some((one) => one.startsWith(name))).toBe(true);
      expect(moved.some((name) => name.startsWith('v.pos_embed'))).toBe(/^(?:patchmix|full)/.test(recipe));
    });
  });

  it('are saved, with positions for the length', async () => {
    await withModel({ seconds: 2 }, async (model) => {
      const names = listParameters(model.network({ outputs: 3, form: model.form(2) }).model).map(({ name }) => name);
      expect(names).toContain('checkpoint/v.pos_embed/constant_0');
      const trained = await trainShortly({ plugin, model, recipe: 'patchmix-cl', settings, seconds: 2 });
      await expectSaved({ plugin, model, options: { seconds: 2 } }, trained, await temporaryFolder());
    });
  });
});

describe('what cannot be trained', () => {
  it('is refused', async () => {
    const training = plugin.training!;
    await expect(training.open(undefined, {})).rejects.toThrow('no checkpoint');
    await expect(training.open(checkpoint, { precision: 'int8' })).rejects.toThrow('leave the option precision out');
    await expect(training.open(checkpoint, { features: 'logits' })).rejects.toThrow('leave the option features out');
    await withModel({}, async (model) => {
      expect(() => model.network({ outputs: 2, form: model.form(1), variant: 'patch' })).toThrow("network 'patch'");
      await Promise.resolve();
    });
  });
});

describeTrainingFixtures('patchmix', 'positions as the authors make them', (folder) => {
  it('are those of their code', () => {
    const tensors = readTensors(join(folder, 'positional-embedding.safetensors'));
    const [stored, expected] = [tensors.get('audioset')!, tensors.get('patchmix')!];
    const width = stored.shape[2];
    const frequencies = 12;
    const times = (tensor: typeof stored) => (tensor.shape[1] - 2) / frequencies;
    const found = transposedPositions(stored.data, { frequencies, times: times(stored) }, times(expected), width);
    expect(deviation(found, expected.data)).toBeLessThan(5e-6);
  });
});
