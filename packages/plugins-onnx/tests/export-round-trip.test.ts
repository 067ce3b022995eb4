import { readFile } from 'node:fs/promises';
import { getSceneEmbeddings, signalBatch } from '@hearken/core';
import { selfContainedModel } from '@hearken/onnx';
import { expect, it } from 'vitest';
import plugin, { pluginOfFile } from '../src/index.js';
import { madeUpModel, modelFolder } from './made-up-models.js';

const write = modelFolder();

it('takes a file of `hearken export` without any option, and answers as the model that was exported', async () => {
  const names = { input: 'signal', output: 'embedding' };
  const original = await plugin.loadModel(await write('first.onnx', madeUpModel({ names })), { sampleRate: 8000 });
  // What `hearken export` writes of it.
  const { model } = await selfContainedModel(original.graph!.model, () => Promise.reject(new Error()), 'x', {
    sampleRate: '8000',
    channels: '1',
    embeddingSize: '3',
  });
  const exported = await pluginOfFile(await write('exported.onnx', model));
  expect(exported.models.exported).toMatchObject({ sampleRate: 8000, channels: 1, embeddingSize: 3 });
  const again = await exported.loadModel();
  const signals = signalBatch([Float32Array.from({ length: 5000 }, (_, index) => Math.sin(index * index))]);
  expect(await getSceneEmbeddings(signals, again)).toEqual(await getSceneEmbeddings(signals, original));
  await again.dispose();
  await original.dispose();
});

it('has the version of its package', async () => {
  const text = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  expect(plugin.version).toBe((JSON.parse(text) as { version: string }).version);
});
