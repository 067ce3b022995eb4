import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { definePlugin, type Embedder, type EmbedderGraph, type TrainableModel } from '@hearken/core';
import { GraphBuilder, type Value } from '@hearken/onnx';
import { createNodeSession } from '@hearken/onnx/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FineTuning, graphModel, openTrainable, resolveRecipe } from '../../src/node.js';
import { randomOf } from '../support/toy-model.js';
import { sampleRate, spectralElements, spectralModel, tones } from '../support/spectral-model.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearken-stranger-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const { width } = spectralElements;

/** What a stranger's plugin gives: an embedder with a graph, and nothing for training. */
function embedderOf(graph: EmbedderGraph | undefined, options: Record<string, unknown> = {}): Embedder {
  const embed = () => Promise.reject(new Error('not asked for'));
  return {
    ...{ sampleRate, channels: 1, sceneEmbeddingSize: width, timestampEmbeddingSize: width },
    ...{ minimumSceneSamples: 160, minimumTimestampSamples: 160 },
    provenance: {
      ...{ plugin: 'stranger', pluginVersion: '1.0.0', model: 'small', checkpointSha256: 'a'.repeat(64) },
      ...{ options, backend: 'none' },
    },
    ...(graph === undefined ? {} : { graph }),
    ...{ embedScenes: embed, embedTimestamps: embed, dispose: () => Promise.resolve() },
  };
}

/** A model whose weights are in a file, and that file's bytes. */
function external(change: { readonly location?: string; readonly offset?: number; readonly byteLength?: number } = {}) {
  const parts: Uint8Array[] = [];
  let end = 0;
  const weight = (graph: GraphBuilder, name: string, values: Float32Array, shape: readonly number[]): Value => {
    const bytes = new Uint8Array(values.slice().buffer);
    const place = { location: 'weights.bin', offset: end, byteLength: bytes.length };
    parts.push(bytes);
    end += bytes.length;
    return graph.external({ ...{ name, dataType: 'float32', shape }, ...place, ...change });
  };
  const model = spectralModel({ samples: 160, weight });
  return { model, bytes: Buffer.concat(parts) };
}

async function stranger(change: Parameters<typeof external>[0] = {}): Promise<TrainableModel> {
  const { model, bytes } = external(change);
  await writeFile(join(folder, 'weights.bin'), bytes);
  return graphModel(embedderOf({ model, signalShape: [160], externalFolder: folder }));
}

function train(model: TrainableModel, recipe = 'full'): Promise<FineTuning> {
  return FineTuning.create({
    ...{ createSession: createNodeSession, session: { threads: 1, spin: false }, model, form: model.form(1) },
    ...{ recipe: resolveRecipe(recipe, {}, 'stranger'), kind: 'multiclass', data: tones(32, 1, 160) },
    ...{ random: randomOf, seed: 1 },
  });
}

describe("a stranger's plugin", () => {
  it('is trained with weights in files, and saved with them inside', async () => {
    const plugin = definePlugin({
      ...{ name: 'stranger', version: '1.0.0', description: 'made up' },
      models: { small: { description: 'small', sampleRate, channels: 1, embeddingSize: width } },
      load: async () => {
        const { model, bytes } = external();
        await writeFile(join(folder, 'weights.bin'), bytes);
        return embedderOf({ model, signalShape: [160], externalFolder: folder });
      },
    });
    const model = await openTrainable(plugin);
    const training = await train(model, 'last-blocks');
    // Both of its blocks are found by their numbers.
    expect(training.selection.blocks).toBe(2);
    const before = await model.readParameter('checkpoint/layers.1.query.bias');
    await training.update();
    const tensors = new Map(
      Object.entries(training.weights()).map(([name, { data }]) => [name, data.slice() as Float32Array]),
    );
    await training.dispose();
    expect(tensors.get('checkpoint/layers.1.query.bias')).not.toEqual(before);
    const files = await model.save({ tensors, labels: ['a', 'b', 'c'], kind: 'multiclass' });
    expect(files.map(({ name }) => name)).toEqual(['model.onnx']);
    const again = await graphModel(embedderOf({ model: files[0].parts[0], signalShape: [160] }));
    for (const [name, values] of tensors) {
      if (name.startsWith('checkpoint/')) expect(await again.readParameter(name)).toEqual(values);
    }
    // A training of the saved file begins with a new head.
    const next = await train(again);
    expect(next.trainedElements).toBe(3 * width + 3 + spectralElements.all);
    await next.dispose();
  });

  it.each([
    ['../outside.bin', 'not a path inside the folder'],
    ['/etc/passwd', 'not a path inside the folder'],
    ['a/../../outside.bin', 'not a path inside the folder'],
    ['C:\\outside.bin', 'not a path inside the folder'],
    ['', 'not a path inside the folder'],
    ['missing.bin', 'no such file'],
    ['link.bin', 'a link to a file outside'],
  ])('has no weights in %j', async (location, found) => {
    const outside = join(folder, '..', `outside-${process.pid}.bin`);
    await writeFile(outside, new Uint8Array(64));
    const inner = join(folder, 'inner');
    await mkdir(inner, { recursive: true });
    await rm(join(inner, 'link.bin'), { force: true });
    await symlink(outside, join(inner, 'link.bin'));
    const { model } = external({ location });
    const opened = await graphModel(embedderOf({ model, signalShape: [160], externalFolder: inner }));
    await expect(opened.readParameter('checkpoint/last.weight')).rejects.toThrow(found);
    await rm(outside);
  });

  it.each([
    [{ offset: 1e9 }, 'were requested, but the file has'],
    [{ offset: -4 }, 'were requested, but the file has'],
    [{ byteLength: 1e12 }, 'bytes, and its shape makes'],
    [{ byteLength: 4 }, 'bytes, and its shape makes'],
  ])('has no weights at %j', async (change, found) => {
    const opened = await stranger(change);
    await expect(opened.readParameter('checkpoint/last.weight')).rejects.toThrow(found);
    await expect(opened.save({ tensors: headOf(3), labels: ['a', 'b', 'c'] })).rejects.toThrow();
  });
});

function headOf(outputs: number): Map<string, Float32Array> {
  return new Map([
    ['head.weight', new Float32Array(outputs * width)],
    ['head.bias', new Float32Array(outputs)],
  ]);
}

describe('what cannot be trained', () => {
  it('is a model without a graph', async () => {
    await expect(graphModel(embedderOf(undefined))).rejects.toThrow('a model without a graph to train');
    const quantised = embedderOf(undefined, { precision: 'int8' });
    await expect(graphModel(quantised)).rejects.toThrow('precision fp32');
  });

  it('is a model in int8', async () => {
    const activate = (graph: GraphBuilder, value: Value) => {
      const [bytes, scale, zero] = graph.nodes('DynamicQuantizeLinear', [value], 3);
      return graph.node('DequantizeLinear', [bytes, scale, zero]);
    };
    const graph = { model: spectralModel({ samples: 160, activate }), signalShape: [160] };
    await expect(graphModel(embedderOf(graph, { precision: 'int8' }))).rejects.toThrow('{"precision":"fp32"}');
    await expect(graphModel(embedderOf(graph))).rejects.toThrow('as it was before it was quantised');
  });

  it('is an operator without a gradient, which the error names', async () => {
    const activate = (graph: GraphBuilder, value: Value) => graph.node('Hardmax', [value]);
    const model = await graphModel(
      embedderOf({ model: spectralModel({ samples: 160, activate }), signalShape: [160] }),
    );
    await expect(train(model)).rejects.toThrow(/node 'Hardmax_\d+' \(Hardmax\).*an operator without a gradient/s);
    // A head alone needs no gradients through it.
    const training = await train(model, 'head');
    await training.dispose();
  });

  it('is a weight that is not there, or an adapter that was not merged', async () => {
    const model = await stranger();
    const labels = ['a', 'b', 'c'];
    const save = (name: string, size: number) =>
      model.save({ tensors: new Map([...headOf(3), [name, new Float32Array(size)]]), labels });
    await expect(save('checkpoint/other', 1)).rejects.toThrow("no weight 'checkpoint/other'");
    await expect(save('checkpoint/last.bias', 3)).rejects.toThrow("3 values for 'checkpoint/last.bias' of 8");
    await expect(save('last.lora_A.weight', 3)).rejects.toThrow('mergeAdapters');
    await expect(model.save({ tensors: new Map(), labels })).rejects.toThrow("no 'head.weight'");
    expect(() => model.network({ outputs: 3, form: model.form(1), variant: 'other' })).toThrow('no variants');
    await expect(model.readParameter('checkpoint/other')).rejects.toThrow('no such weight');
  });
});
