import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OptionError } from '@hearken/core';
import { selfContainedModel } from '@hearken/onnx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportModel } from '../src/export/export-model.node.js';
import { createNodeRegistry } from '../src/run/index.js';

const checkpoint = fileURLToPath(new URL('../../plugins-efficientat/tests/fixtures/mn01_as.pt', import.meta.url));

describe('export', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hearken-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['efficientat', checkpoint],
    ['baseline', undefined],
  ])('writes %s as a file that answers the same, alone', async (name, path) => {
    const plugin = await createNodeRegistry().resolve(name);
    const embedder = await plugin.loadModel(path);
    const file = join(folder, `${name} ünï.onnx`);
    const exported = await exportModel(embedder, file);
    expect(exported.paths).toEqual([file]);
    expect(statSync(file).size).toBe(exported.bytes);
    expect(exported.difference).toBeLessThan(1e-3);
    await embedder.dispose();
  });

  it('lists what a model over the limit leaves outside, one after the other', async () => {
    const plugin = await createNodeRegistry().resolve('efficientat');
    const embedder = await plugin.loadModel(checkpoint);
    const read = () => Promise.reject(new Error('nothing is read'));
    const { externalData } = await selfContainedModel(embedder.graph!.model, read, 'big.onnx.data', {}, 1000);
    expect(externalData!.length).toBeGreaterThan(100);
    expect(externalData!.every(({ location }) => location === 'mn01_as.pt')).toBe(true);
    await embedder.dispose();
  });

  it('refuses a plugin that does not say its graph', async () => {
    const plugin = await createNodeRegistry().resolve('baseline');
    const embedder = await plugin.loadModel();
    const without = { ...embedder, provenance: embedder.provenance, graph: undefined };
    await expect(exportModel(without, join(folder, 'none.onnx'))).rejects.toThrow(OptionError);
    await embedder.dispose();
  });
});
