import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EmbedderGraph, type LoadOptions, OptionError, signalBatch } from '@hearken/core';
import { readOnnxHeader, selfContainedModel } from '@hearken/onnx';
import { createNodeSession } from '@hearken/onnx/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportModel } from '../../src/export/export-model.node.js';
import { readNpy } from '@hearken/signals';
import { createNodeRegistry } from '../../src/plugins/plugins.node.js';

const ecgFixtures = fileURLToPath(new URL('../../../plugins-hubert-ecg/tests/fixtures/', import.meta.url));
const checkpoint = fileURLToPath(new URL('../../../plugins-efficientat/tests/fixtures/mn01_as.pt', import.meta.url));

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

  it.each<[string, LoadOptions]>([
    ['in fp32', {}],
    ['in int8', { precision: 'int8' }],
    ['at 250 Hz, of eight leads', { inputRate: 250, leads: 'I II V1-V6', fillLeads: true }],
  ])('writes hubert-ecg with its preprocessing inside: %s', async (name, options) => {
    // Quantised weights are written beside the checkpoint, which is gone when the exported file is loaded.
    const source = mkdtempSync(join(folder, 'ecg-'));
    cpSync(join(ecgFixtures, 'hubert_ecg_tiny.pt'), join(source, 'model.pt'));
    const plugin = await createNodeRegistry().resolve('hubert-ecg');
    const embedder = await plugin.loadModel(join(source, 'model.pt'), options);
    const alone = join(folder, `ecg ${name}`);
    mkdirSync(alone);
    const file = join(alone, 'ecg.onnx');
    const { paths, difference } = await exportModel(embedder, file);
    expect(paths).toEqual([file]);
    expect(difference).toBeLessThan(options.precision === 'int8' ? 2e-3 : 1e-4);
    const [channels, samples] = embedder.graph!.signalShape;
    expect(samples).toBe(5 * embedder.sampleRate);

    const record = readNpy(readFileSync(join(ecgFixtures, 'synthetic.input.npy')), 'synthetic').data;
    const signals = [0, 2, 5].map((start) => {
      const places = Array.from({ length: channels * samples }, (_, index) => [
        Math.floor(index / samples),
        index % samples,
      ]);
      return Float32Array.from(places, ([channel, index]) => record[channel * 5000 + start * 300 + index]);
    });
    const batch = signalBatch(signals, channels);
    const { data } = await plugin.getSceneEmbeddings(batch, embedder);
    await embedder.dispose();
    renameSync(source, `${source} moved`);
    const session = await createNodeSession(readFileSync(file), { threads: 1 });
    const { embedding } = await session.run({ signal: { data: batch.data, shape: [3, channels, samples] } }, [
      'embedding',
    ]);
    await session.dispose();
    expect(embedding.shape).toEqual([3, 64]);
    const tolerance = options.precision === 'int8' ? 2e-2 : 1e-4;
    const actual = embedding.data as Float32Array;
    expect(data.reduce((most, value, index) => Math.max(most, Math.abs(value - actual[index])), 0)).toBeLessThan(
      tolerance,
    );

    expect(Object.fromEntries(readOnnxHeader(readFileSync(file), file).metadata)).toMatchObject({
      plugin: 'hubert-ecg 0.1.0',
      sampleRate: String(embedder.sampleRate),
      channels: String(channels),
      input: `signal: the waveform, float32 [n, ${channels}, ${samples}]`,
      output: 'embedding: float32 [n, 64]',
    });
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

  it.each([
    ['changes before anything is written', 1],
    ['changes while its weights are written', 2],
  ])('leaves nothing of a model whose checkpoint %s', async (_, changedAt) => {
    const plugin = await createNodeRegistry().resolve('efficientat');
    const embedder = await plugin.loadModel(checkpoint);
    let checks = 0;
    const graph: EmbedderGraph = {
      ...embedder.graph!,
      check: () => {
        checks += 1;
        return checks === changedAt ? Promise.reject(new Error('another file')) : Promise.resolve();
      },
    };
    const changed = { ...embedder, provenance: embedder.provenance, graph };
    const alone = mkdtempSync(join(folder, 'changed-'));
    const path = join(alone, 'model.onnx');
    await expect(exportModel(changed, path, { maximumBytes: 100_000 })).rejects.toThrow('another file');
    expect(checks).toBe(changedAt);
    expect(readdirSync(alone)).toEqual([]);
    await embedder.dispose();
  });

  it('keeps the older export where a new one comes to nothing', async () => {
    const plugin = await createNodeRegistry().resolve('efficientat');
    const embedder = await plugin.loadModel(checkpoint);
    const alone = mkdtempSync(join(folder, 'older-'));
    const path = join(alone, 'model.onnx');
    const { paths } = await exportModel(embedder, path, { maximumBytes: 100_000 });
    expect(paths).toEqual([path, `${path}.data`]);
    const before = paths.map((file) => readFileSync(file));
    let checks = 0;
    const check = () => (++checks === 2 ? Promise.reject(new Error('another file')) : Promise.resolve());
    const changed = { ...embedder, provenance: embedder.provenance, graph: { ...embedder.graph!, check } };
    await expect(exportModel(changed, path, { maximumBytes: 100_000 })).rejects.toThrow('another file');
    expect(paths.map((file) => readFileSync(file))).toEqual(before);
    await embedder.dispose();
  });

  it('refuses a plugin that does not provide its graph', async () => {
    const plugin = await createNodeRegistry().resolve('baseline');
    const embedder = await plugin.loadModel();
    const without = { ...embedder, provenance: embedder.provenance, graph: undefined };
    await expect(exportModel(without, join(folder, 'none.onnx'))).rejects.toThrow(OptionError);
    await embedder.dispose();
  });
});
