import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Embedder, signalBatch, type TrainableModel } from '@hearken/core';
import { createNodeSession } from '@hearken/onnx/node';
import onnx from '@hearken/plugin-onnx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fineTune, graphModel, mergeAdapters, Predictor, resolveRecipe } from '../../src/node.js';
import { savedModel } from '../../src/models/saved-model.js';
import { accuracy, randomOf } from '../support/toy-model.js';
import { sampleRate, spectralElements, spectralModel, tones } from '../support/spectral-model.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearken-graph-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const labels = ['low', 'middle', 'high'];
const { width, block, all } = spectralElements;

async function write(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

async function open(name: string, bytes: Uint8Array, options = {}): Promise<TrainableModel> {
  return graphModel(await onnx.loadModel(await write(name, bytes), { sampleRate, ...options }));
}

/** Writes what `save` gave, and opens the model. */
async function load(files: readonly { readonly name: string; readonly parts: readonly Uint8Array[] }[]) {
  for (const { name, parts } of files) await write(name, Buffer.concat(parts));
  return onnx.loadModel(join(folder, files[0].name));
}

function largestDifference(left: Float32Array, right: Float32Array): number {
  expect(left.length).toBe(right.length);
  return left.reduce((most, value, index) => Math.max(most, Math.abs(value - right[index])), 0);
}

/** Trains on tones, saves, and loads again: everything that the saved file has to agree with. */
async function trained(model: TrainableModel, recipeName: string, settings: Record<string, unknown> = {}) {
  const form = model.form(1);
  const [data, validation] = [tones(96, 1, form.samples), tones(48, 2, form.samples)];
  const recipe = resolveRecipe(recipeName, {}, 'made-up', { epochs: 12, learningRate: 0.02, headRate: 0, ...settings });
  const found = await fineTune({
    ...{
      createSession: createNodeSession,
      session: { threads: 1, spin: false },
      model,
      recipe,
      form,
      data,
      validation,
    },
    ...{ kind: 'multiclass', random: randomOf, seed: 3, maximize: true },
    score: (logits) => accuracy(logits, validation.labels),
  });
  const merged = await mergeAdapters({ model, recipe, form, outputs: 3 }, found.weights);
  const files = await model.save({ tensors: merged.tensors, labels, kind: 'multiclass' });
  return { form, validation, recipe, found, merged, files };
}

/** The logits of `Predictor`, with adapters beside the weights. */
async function predicted(model: TrainableModel, done: Awaited<ReturnType<typeof trained>>) {
  const { form, validation, found, recipe } = done;
  const options = { createSession: createNodeSession, session: { threads: 1 }, model, recipe, form, outputs: 3 };
  const predictor = await Predictor.create(options, found.weights.keys());
  const logits = await predictor.logits(predictor.tensors(found.weights), validation);
  await predictor.dispose();
  return logits;
}

describe.each([
  ['head', 3 * width + 3],
  ['last-blocks', 3 * width + 3 + block + width * width + width + 2 * width],
  ['lora', 3 * width + 3 + 2 * 2 * 2 * width],
  ['full', 3 * width + 3 + all],
])('recipe %s', (name, elements) => {
  it('trains an ONNX file, and saves one that gives the same answers', async () => {
    const named = name === 'head' || name === 'full' ? {} : { weight: namedWeight };
    const model = await open(`${name}.onnx`, spectralModel({ samples: 160, ...named }));
    const settings = { 'last-blocks': { blocks: 1 }, lora: { rank: 2, targets: 'layers' } }[name] ?? {};
    const done = await trained(model, name, settings);
    expect(done.found.trainedElements).toBe(elements);
    expect(done.found.score).toBeGreaterThan(0.8);
    const again = await load(done.files);
    const batch = signalBatch(done.validation.signals, 1);
    expect(again.head).toMatchObject({ labels, kind: 'multiclass', size: 3 });
    const { data: answers } = await again.head!.classifyScenes(batch);
    expect(largestDifference(answers, await predicted(model, done))).toBeLessThan(2e-5);
    const { data: after } = await again.embedScenes(batch);
    const { data: before } = await (model as unknown as { embedder: Embedder }).embedder.embedScenes(batch);
    const difference = largestDifference(after, before);
    if (name === 'head') expect(difference).toBe(0);
    else expect(difference).toBeGreaterThan(0.01);
    const reopened = await graphModel(again);
    for (const [tensor, values] of done.merged.tensors) {
      if (!tensor.startsWith('head.')) expect(await reopened.readParameter(tensor)).toEqual(values);
    }
    await reopened.dispose();
    await model.dispose();
  });
});

function namedWeight(
  ...[graph, name, values, shape]: Parameters<NonNullable<Parameters<typeof spectralModel>[0]>['weight'] & object>
) {
  return graph.constant(values, shape, name);
}

it('gives adapters alone, in the layout of PEFT', async () => {
  const model = await open('peft.onnx', spectralModel({ samples: 160 }));
  const { merged } = await trained(model, 'lora', { rank: 2, epochs: 1 });
  expect(merged.adapters).toMatchObject({ rank: 2, alpha: 16 });
  expect(merged.adapters!.modules.size).toBe(4);
  expect([...merged.tensors.keys()].filter((name) => name.includes('lora'))).toEqual([]);
  await model.dispose();
});

describe('the form of examples', () => {
  it('is that of the clips where the embedder answers for them as they are', async () => {
    const model = await open('free.onnx', spectralModel());
    expect(model.form(1)).toEqual({ samples: 160, shape: [160] });
    expect(model.form(undefined).samples).toBe(1600);
    expect(model.form(100).samples).toBe(1600);
    const done = await trained(model, 'full', { epochs: 2 });
    const again = await load(done.files);
    // The saved file takes any length too.
    const batch = signalBatch([new Float32Array(320).fill(0.1)], 1);
    expect((await again.head!.classifyScenes(batch)).data.every(Number.isFinite)).toBe(true);
    await again.dispose();
    await model.dispose();
  });

  it('is that of the window where the embedder pads shorter ones', async () => {
    const model = await open('window.onnx', spectralModel(), { window: 320 });
    expect(model.form(1)).toEqual({ samples: 320, shape: [320] });
    const prepared = await model.prepare(signalBatch([new Float32Array(160).fill(1)], 1), model.form(1));
    expect(prepared.slice(159, 161)).toEqual(Float32Array.of(1, 0));
    await model.dispose();
  });
});

it('trains a file whose input and output have other names', async () => {
  const ends = { input: 'waveform', output: 'features' };
  const model = await open('names.onnx', spectralModel({ samples: 160, ends }));
  const { files } = await trained(model, 'full', { epochs: 1 });
  const again = await load(files);
  expect(again.sceneEmbeddingSize).toBe(width);
  await again.dispose();
  await model.dispose();
});

it('puts large weights beside the model', async () => {
  const model = await open('large.onnx', spectralModel({ samples: 160 }));
  const done = await trained(model, 'head', { epochs: 1 });
  const parts = model as unknown as { base: Parameters<typeof savedModel>[0]['base'] };
  const files = await savedModel({
    ...{
      base: parts.base,
      name: 'large',
      embeddingSize: width,
      signalShape: ['n', 160],
      metadata: { sampleRate: '160' },
    },
    trained: { tensors: done.merged.tensors, labels, kind: 'multiclass' },
    openExternal: () => Promise.reject(new Error('nothing is outside')),
    mostBytesInside: 1000,
  });
  expect(files.map(({ name }) => name)).toEqual(['model.onnx', 'model.onnx.data']);
  const again = await load(files);
  const batch = signalBatch(done.validation.signals, 1);
  expect(largestDifference((await again.head!.classifyScenes(batch)).data, await predicted(model, done))).toBeLessThan(
    2e-5,
  );
  await again.dispose();
  await model.dispose();
});
