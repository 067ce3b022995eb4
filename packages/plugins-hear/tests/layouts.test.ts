import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getSceneEmbeddings, OptionError, signalBatch } from '@hearken/core';
import type { Checkpoint } from '@hearken/onnx';
import { describe, expect, it } from 'vitest';
import plugin from '../src/index.js';
import { chooseSizes } from '../src/sizes.js';
import {
  asBfloat16,
  changedConfig,
  cutToBfloat16,
  readFixture,
  type Stored,
  withFolder,
  writeSafetensors,
} from './changed-checkpoint.js';
import { fixture } from './fixture.js';
import { readNpy } from '../../../tests/support/npy.js';
import { expectClose } from '../../../tests/support/expect-close.js';

const signals = signalBatch([readNpy(fixture('noise.input.npy')).data]);

async function sceneOf(path: string): Promise<Float32Array> {
  const embedder = await plugin.loadModel(path, { runtime: { threads: 1 } });
  try {
    return (await getSceneEmbeddings(signals, embedder)).data;
  } finally {
    await embedder.dispose();
  }
}

/** The embedding from a folder with these tensors and this config. */
async function sceneFrom(tensors: ReadonlyMap<string, Stored>, config = changedConfig()): Promise<Float32Array> {
  return withFolder(async (folder) => {
    writeSafetensors(join(folder, 'model.safetensors'), tensors);
    writeFileSync(join(folder, 'config.json'), config);
    return sceneOf(folder);
  });
}

const mapTensors = (change: (name: string, tensor: Stored) => [string, Stored]) =>
  new Map([...readFixture()].map(([name, tensor]) => change(name, tensor)));

const published = readNpy(fixture('noise.scene.npy')).data;

describe('a checkpoint loads alike', () => {
  it('as a folder, as its file, and in several files with an index', async () => {
    const whole = await sceneOf(fixture('model.safetensors'));
    expectClose('file', whole, published);
    await withFolder(async (folder) => {
      const tensors = [...readFixture()];
      const shards = {
        'model-00001-of-00002.safetensors': tensors.slice(0, 20),
        'model-00002-of-00002.safetensors': tensors.slice(20),
      };
      const map: Record<string, string> = {};
      for (const [file, part] of Object.entries(shards)) {
        writeSafetensors(join(folder, file), new Map(part));
        for (const [name] of part) map[name] = file;
      }
      writeFileSync(join(folder, 'model.safetensors.index.json'), JSON.stringify({ weight_map: map }));
      writeFileSync(join(folder, 'config.json'), changedConfig());
      expect([...(await sceneOf(folder))]).toEqual([...whole]);
    });
  });

  it.each(['module.', 'vit.', 'module.backbone.'])(
    'with its names behind %s and other tensors beside',
    async (prefix) => {
      const wrapped = mapTensors((name, tensor) => [prefix + name, tensor]);
      wrapped.set('classifier.weight', { dtype: 'I64', shape: [1], bytes: new Uint8Array(8) });
      expectClose(prefix, await sceneFrom(wrapped), published);
    },
  );

  it('in bfloat16, as the same values in float32', async () => {
    const stored = await sceneFrom(mapTensors((name, tensor) => [name, asBfloat16(tensor)]));
    const widened = await sceneFrom(mapTensors((name, tensor) => [name, cutToBfloat16(tensor)]));
    expectClose('bfloat16', stored, widened);
  });
});

describe('the config', () => {
  it('decides what the weights do not show', async () => {
    const usual = await sceneFrom(readFixture());
    for (const change of [
      { pooler_act: 'tanh' },
      { hidden_act: 'relu' },
      { num_attention_heads: 2 },
      { layer_norm_eps: 0.5 },
    ]) {
      const changed = await sceneFrom(readFixture(), changedConfig(change));
      const difference = Math.max(...changed.map((value, index) => Math.abs(value - usual[index])));
      expect(difference, JSON.stringify(change)).toBeGreaterThan(1e-4);
    }
    const tanh = await sceneFrom(readFixture(), changedConfig({ pooler_act: 'tanh' }));
    expectClose('tanh', tanh, usual.map(Math.tanh));
  });

  it('is asked for where the size was not published, and may be given as an option', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'alone.safetensors');
      writeSafetensors(path, readFixture());
      const loading = plugin.loadModel(path);
      await expect(loading).rejects.toThrow(OptionError);
      await expect(loading).rejects.toThrow(/3 layers, 64 wide.*num_attention_heads.*options\.config/);
      const config = {
        num_attention_heads: 4,
        image_size: [192, 128],
        hidden_act: 'gelu_fast',
        layer_norm_eps: 1e-6,
        pooler_act: 'linear',
      };
      const embedder = await plugin.loadModel(path, { config });
      expectClose('option config', (await getSceneEmbeddings(signals, embedder)).data, published);
      expect(embedder.provenance.options.config).toEqual(config);
      await embedder.dispose();
      await expect(plugin.loadModel(path, { config: 'x' })).rejects.toThrow(OptionError);
    });
  });

  it('may be missing for the published size', () => {
    const tensors = publishedShapes();
    const file: Checkpoint = { format: 'safetensors', name: 'hear', tensors, unusable: new Map(), metadata: null };
    expect(chooseSizes(file, undefined)).toMatchObject({ heads: 16, activation: 'gelu_fast', pooler: 'linear' });
    const cut = new Map([...tensors].filter(([name]) => !name.startsWith('encoder.layer.23.')));
    expect(() => chooseSizes({ ...file, tensors: cut }, undefined)).toThrow(/23 layers/);
  });
});

/** The tensors of google/hear-pytorch that its sizes are told by. */
function publishedShapes(): Checkpoint['tensors'] {
  const shapes: Record<string, number[]> = {
    'embeddings.cls_token': [1, 1, 1024],
    'embeddings.position_embeddings': [1, 97, 1024],
    'embeddings.patch_embeddings.projection.weight': [1024, 1, 16, 16],
    'pooler.dense.weight': [512, 1024],
  };
  for (let layer = 0; layer < 24; layer += 1) {
    shapes[`encoder.layer.${layer}.intermediate.dense.weight`] = [4096, 1024];
  }
  return new Map(
    Object.entries(shapes).map(([name, shape]) => [
      name,
      { name, shape, dataType: 'float32', offset: 0, byteLength: 0 },
    ]),
  );
}
