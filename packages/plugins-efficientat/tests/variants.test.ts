import { getSceneEmbeddings, getTimestampEmbeddings, OptionError, signalBatch } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import plugin, { publishedTensors } from '../src/index.js';
import { models } from '../src/models.js';
import { fixture } from './fixture.js';
import { withFile, writeRandomCheckpoint } from './random-checkpoint.js';

const second = signalBatch([Float32Array.from({ length: 32_000 }, (_, index) => 0.3 * Math.sin(index * index * 1e-6))]);

describe('published models', () => {
  it.each(Object.keys(models))('%s has as many parameters as published', (model) => {
    const trained = publishedTensors(model).filter(({ name }) => !name.includes('running_'));
    const count = trained.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
    expect(count / (models[model].parameters ?? 0)).toBeCloseTo(1, 1.5);
  });

  const small = ['mn02_as', 'mn05_as', 'mn10_as_hop_25', 'mn10_as_mels_40', 'mn10_as_fc_s2211'];
  it.each(small)('%s loads and embeds', async (model) => {
    await withFile('weights.safetensors', async (path) => {
      writeRandomCheckpoint(path, model);
      const embedder = await plugin.loadModel(path, { model });
      expect(embedder.sceneEmbeddingSize).toBe(models[model].embeddingSize);
      const { data } = await getSceneEmbeddings(second, embedder);
      expect(data.length).toBe(models[model].embeddingSize);
      await embedder.dispose();
    });
  });

  it('takes the model from the checkpoint when it is not named', async () => {
    const embedder = await plugin.loadModel(fixture('mn01_as.pt'));
    expect(embedder.provenance.model).toBe('mn01_as');
    expect(embedder.provenance.checkpointSha256).toMatch(/^[0-9a-f]{64}$/);
    await embedder.dispose();
  });

  it('asks for the model where several have such weights, and knows the published files by name', async () => {
    await withFile('mn10_as_hop_25_mAP_447.safetensors', async (path) => {
      writeRandomCheckpoint(path, 'mn10_as');
      const embedder = await plugin.loadModel(path);
      expect(embedder.provenance.model).toBe('mn10_as_hop_25');
      expect(embedder.provenance.options.hopMilliseconds).toBe(25);
      await embedder.dispose();
    });
    await withFile('own.safetensors', async (path) => {
      writeRandomCheckpoint(path, 'mn10_as_fc_s2211');
      await expect(plugin.loadModel(path)).rejects.toThrow(
        /fit mn10_as_fc, mn10_as_fc_s2221, mn10_as_fc_s2211, which.*--model efficientat:mn10_as_fc/,
      );
      writeRandomCheckpoint(path, 'mn10_as');
      await expect(plugin.loadModel(path)).rejects.toThrow(OptionError);
      const embedder = await plugin.loadModel(path, { hopMilliseconds: 10, melBands: 64 });
      expect(embedder.provenance.model).toBe('mn10_as_mels_64');
      await embedder.dispose();
    });
  });

  it('changes the embedding with hop and mel bands', async () => {
    const shapes = [{}, { hopMilliseconds: 20 }, { melBands: 64 }].map(async (options) => {
      const embedder = await plugin.loadModel(fixture('mn01_as.pt'), { ...options, features: ['b5', 'mel_avgs'] });
      const { data } = await getSceneEmbeddings(second, embedder);
      await embedder.dispose();
      return [data.length, data[0]];
    });
    const [plain, hop, bands] = await Promise.all(shapes);
    expect(hop[0]).toBe(plain[0]);
    expect(hop[1]).not.toBe(plain[1]);
    expect(bands[0]).toBe(plain[0] - 64);
  });
});

describe('features', () => {
  it('call the pooled output of the last convolution clf1, whatever the head', async () => {
    await withFile('weights.safetensors', async (path) => {
      writeRandomCheckpoint(path, 'mn10_as_fc');
      const [clf1, b16] = await Promise.all(
        ['clf1', 'b16'].map(async (features) => {
          const embedder = await plugin.loadModel(path, { model: 'mn10_as_fc', features });
          const { data } = await getSceneEmbeddings(second, embedder);
          await embedder.dispose();
          return data;
        }),
      );
      expect(clf1.length).toBe(960);
      expect(clf1).toEqual(b16);
      await expect(plugin.loadModel(path, { model: 'mn10_as_fc', features: 'clf2' })).rejects.toThrow(/no such layer/);
    });
  });

  it("come in the authors' order, whatever order they are asked for in", async () => {
    const both = await Promise.all(
      [['b15', 'mel_avgs', 'b5'], 'b5,b15,mel_avgs'].map(async (features) => {
        const embedder = await plugin.loadModel(fixture('mn01_as.pt'), { features });
        const { data } = await getSceneEmbeddings(second, embedder);
        expect(embedder.provenance.options.features).toEqual(['mel_avgs', 'b5', 'b15']);
        await embedder.dispose();
        return data;
      }),
    );
    expect(both[0]).toEqual(both[1]);
  });

  it('refuses one that does not exist, with the nearest', async () => {
    await expect(plugin.loadModel(fixture('mn01_as.pt'), { features: ['mel_avg'] })).rejects.toThrow(
      /did you mean 'mel_avgs'/,
    );
  });
});

describe('threads and providers', () => {
  it('are named in the provenance', async () => {
    const embedder = await plugin.loadModel(fixture('mn01_as.pt'), {
      runtime: { threads: 1, graphOptimization: 'basic' },
    });
    expect(embedder.provenance.backend).toMatch(/^onnxruntime-node \d+\.\d+\.\d+ cpu, 1 thread$/);
    const { timestamps } = await getTimestampEmbeddings(second, embedder);
    expect([...timestamps.slice(0, 2)]).toEqual([0, 50]);
    await embedder.dispose();
  });

  it('refuses a provider that is not there', async () => {
    const runtime = { executionProvider: 'cuda' as const };
    await expect(plugin.loadModel(fixture('mn01_as.pt'), { runtime })).rejects.toThrow(/execution provider 'cuda'/);
  });
});
