import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getSceneEmbeddings, signalBatch } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import plugin from '../src/index.js';
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

  it('may be missing: sizes come from the weights, the rest is as published', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'alone.safetensors');
      writeSafetensors(path, readFixture());
      // The published heads are 64 wide, so one head here.
      const expected = await sceneFrom(readFixture(), changedConfig({ num_attention_heads: 1 }));
      expect([...(await sceneOf(path))]).toEqual([...expected]);
    });
  });
});
