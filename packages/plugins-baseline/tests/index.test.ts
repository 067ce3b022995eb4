import { OptionError } from '@hearken/core';
import { testEmbedder } from '@hearken/core/conformance';
import { readFile } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import * as module from '../src/index.js';

const plugin = module.default;

it("exports HEAR's three functions and the plugin, and nothing else", () => {
  expect(Object.keys(module).sort()).toEqual(['default', 'getSceneEmbeddings', 'getTimestampEmbeddings', 'loadModel']);
});

it('has the version of its package', async () => {
  const text = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  expect(plugin.version).toBe((JSON.parse(text) as { version: string }).version);
});

it('loads mel by default, and says where its embeddings come from', async () => {
  const embedder = await plugin.loadModel();
  expect(embedder.provenance).toMatchObject({
    plugin: 'baseline',
    model: 'mel',
    checkpointSha256: null,
    options: { melBands: 64 },
  });
  const { backend, execution } = embedder.provenance;
  expect(execution?.runtime).toMatch(/^onnxruntime-node \S+ cpu$/);
  expect(backend).toMatch(`${execution?.runtime}, ${execution?.threads} thread`);
  await embedder.dispose();
});

it('refuses a checkpoint', async () => {
  await expect(plugin.loadModel('model.pt')).rejects.toThrow(OptionError);
  await expect(plugin.loadModel('model.pt')).rejects.toThrow(/without weights/);
});

describe.each(['mel', 'ecg'])('%s', (model) => {
  testEmbedder({ describe, it, afterAll }, { plugin, load: () => plugin.loadModel(undefined, { model }) });
});
