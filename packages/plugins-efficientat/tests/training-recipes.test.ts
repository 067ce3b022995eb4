// Training through the plugin: examples as the embedder's, and steps of each recipe.
import { getSceneEmbeddings, type TrainableModel } from '@hearken/core';
import { createNodeSession } from '@hearken/onnx/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deviation } from '../../../tests/support/training-fixtures.js';
import { expectSaved, noise, trainShortly } from '../../../tests/support/training-conformance.js';
import { temporaryFolders } from '../../../tests/support/temporary-folder.js';
import plugin from '../src/index.js';
import { fixture } from './fixture.js';

const checkpoint = fixture('mn01_as.pt');
const temporaryFolder = temporaryFolders();
let model: TrainableModel;
beforeAll(async () => {
  model = await plugin.training!.open(checkpoint, {});
});
afterAll(() => model.dispose());

describe('examples', () => {
  it('are as long as clips, and at most 10 s', () => {
    expect(model.form(1)).toEqual({ samples: 32_000, shape: [128, 100] });
    expect(model.form(12)).toEqual(model.form(undefined));
    expect(model.form(undefined)).toEqual({ samples: 320_000, shape: [128, 1000] });
    expect(model.form(0.001).samples).toBe(514);
  });

  it('are what the embedder feeds its network', async () => {
    const form = model.form(0.5);
    const signals = noise(3, 1, form.samples);
    const examples = await model.prepare(signals, form);
    const embedder = await plugin.loadModel(checkpoint, { features: 'mel_avgs,logits' });
    try {
      const { data, size } = await getSceneEmbeddings(signals, embedder);
      const [bands, frames] = form.shape;
      const means = Array.from({ length: 3 * bands }, (_, row) => {
        const values = examples.subarray(row * frames, (row + 1) * frames);
        return values.reduce((sum, value) => sum + value, 0) / frames;
      });
      const rows = [0, 1, 2].map((row) => data.subarray(row * size, (row + 1) * size));
      expect(
        deviation(
          means,
          rows.flatMap((row) => [...row.subarray(0, bands)]),
        ),
      ).toBeLessThan(1e-5);
      // With the checkpoint's own head the network gives the checkpoint's logits.
      const outputs = size - bands;
      const { model: graph, input, head } = model.network({ outputs, form });
      const session = await createNodeSession(graph, { external: model.weights });
      const own = head.map(async ({ name, shape }) => {
        return [name, { data: await model.readParameter(`checkpoint/${name}`), shape }] as const;
      });
      const { logits } = await session.run({
        [input]: { data: examples, shape: [3, bands, frames] },
        ...Object.fromEntries(await Promise.all(own)),
      });
      await session.dispose();
      expect(
        deviation(
          logits.data as Float32Array,
          rows.flatMap((row) => [...row.subarray(bands)]),
        ),
      ).toBeLessThan(1e-5);
    } finally {
      await embedder.dispose();
    }
  });

  it('of short clips end in silence', async () => {
    const form = model.form(1);
    const short = noise(1, 1, 20_000);
    const padded = { ...short, samples: form.samples, data: new Float32Array(form.samples) };
    padded.data.set(short.data);
    expect(await model.prepare(short, form)).toEqual(await model.prepare(padded, form));
  });
});

describe('steps', () => {
  it('of its own recipe move every tensor, which are saved', async () => {
    const trained = await trainShortly({ plugin, model, recipe: 'efficientat', seconds: 0.5 });
    const { moved, names } = trained;
    expect(moved).toContain('features.0.1.running_mean');
    expect(moved).toContain('classifier.5.weight');
    expect(moved).toEqual(names);
    await expectSaved({ plugin, model }, trained, await temporaryFolder());
  });

  it.each(['head', 'last-blocks', 'full', 'lora'])('of recipe %s run', async (recipe) => {
    const { moved } = await trainShortly({ plugin, model, recipe, seconds: 0.5 });
    expect(moved).toContain('classifier.5.weight');
    expect(moved).not.toContain('features.0.1.running_mean');
  });
});

describe('what cannot be trained', () => {
  it('is refused', async () => {
    const training = plugin.training!;
    await expect(training.open(undefined, {})).rejects.toThrow('no checkpoint');
    await expect(training.open(checkpoint, { features: 'b5' })).rejects.toThrow('leave the option features out');
    expect(() => model.network({ outputs: 2, form: model.form(1), variant: 'mixed' })).toThrow("network 'mixed'");
    await expect(async () => model.readParameter('checkpoint/other')).rejects.toThrow("no tensor 'other'");
  });
});
