import { getSceneEmbeddings, getTimestampEmbeddings, signalBatch } from '@hearken/core';
import { GraphBuilder, reshape } from '@hearken/onnx';
import { expect, it } from 'vitest';
import plugin, { createOnnxPlugin } from '../src/index.js';
import { madeUpModel, modelFolder } from './made-up-models.js';

const write = modelFolder();

/** The same three numbers in plain TypeScript. */
function expected(signal: readonly number[]): number[] {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return [
    mean(signal.map((value) => value ** 2)),
    mean(signal.map((value) => Math.max(0, value))),
    mean(signal.slice(1).map((value, index) => (value - signal[index]) ** 2)),
  ];
}

function close(found: Float32Array, wanted: readonly number[]): void {
  expect(found.length).toBe(wanted.length);
  wanted.forEach((value, index) => expect(found[index]).toBeCloseTo(value, 5));
}

const signal = Array.from({ length: 25 }, (_, index) => Math.sin(index * index));

it('embeds a whole scene where the length is free', async () => {
  const embedder = await plugin.loadModel(await write('free.onnx', madeUpModel()), { sampleRate: 100 });
  close((await getSceneEmbeddings(signalBatch([Float32Array.from(signal)]), embedder)).data, expected(signal));
  expect(embedder.minimumSceneSamples).toBe(2);
  await embedder.dispose();
});

it('pads a short scene with zeros, and averages over the windows of a long one', async () => {
  const path = await write('fixed.onnx', madeUpModel({ input: ['n', 10] }));
  const embedder = await plugin.loadModel(path, { sampleRate: 100, hop: 6 });
  const embed = async (values: number[]) =>
    (await getSceneEmbeddings(signalBatch([Float32Array.from(values)]), embedder)).data;
  close(await embed(signal.slice(0, 4)), expected([...signal.slice(0, 4), 0, 0, 0, 0, 0, 0]));
  const windows = [0, 6, 12, 15].map((start) => expected(signal.slice(start, start + 10)));
  close(
    await embed(signal),
    [0, 1, 2].map((at) => windows.reduce((sum, window) => sum + window[at] / windows.length, 0)),
  );
  await embedder.dispose();
});

it('embeds windows around timestamps, with zeros beyond the ends', async () => {
  const path = await write('times.onnx', madeUpModel({ input: ['n', 10] }));
  const embedder = await plugin.loadModel(path, { sampleRate: 100, timestampHop: 12 });
  const batch = signalBatch([Float32Array.from(signal)]);
  const { data, timestamps } = await getTimestampEmbeddings(batch, embedder);
  expect([...timestamps]).toEqual([0, 120, 240]);
  const zeros = [0, 0, 0, 0, 0];
  const windows = [
    [...zeros, ...signal.slice(0, 5)],
    signal.slice(7, 17),
    [...signal.slice(19, 25), ...zeros.slice(1)],
  ];
  close(data, windows.flatMap(expected));
  await embedder.dispose();
});

it('averages an output over time', async () => {
  const graph = new GraphBuilder('steps');
  const waveform = graph.input('waveform', ['n', 24]);
  graph.output('steps', reshape(graph, waveform, [0, -1, 4]), ['n', 'time', 4]);
  const embedder = await plugin.loadModel(await write('steps.onnx', graph.build()), { sampleRate: 100 });
  const two = [signal.slice(0, 24), signal.slice(1, 25)];
  const batch = signalBatch(two.map((values) => Float32Array.from(values)));
  const means = two.flatMap((values) =>
    [0, 1, 2, 3].map((at) => [0, 1, 2, 3, 4, 5].reduce((sum, step) => sum + values[4 * step + at] / 6, 0)),
  );
  close((await getSceneEmbeddings(batch, embedder)).data, means);
  await embedder.dispose();
});

it('embeds one by one where a graph says that it takes any batch and does not', async () => {
  const graph = new GraphBuilder('traced');
  const waveform = graph.input('waveform', ['n', 24]);
  // Reshaped as for one signal: what tracing with a batch of one leaves.
  const one = graph.node('Reshape', [waveform, graph.integers([1, 24])]);
  graph.output('embedding', graph.node('Identity', [one]), ['n', 24]);
  const embedder = await plugin.loadModel(await write('traced.onnx', graph.build()), { sampleRate: 100 });
  const batch = signalBatch([signal.slice(0, 24), signal.slice(1, 25)].map((values) => Float32Array.from(values)));
  expect([...(await getSceneEmbeddings(batch, embedder)).data]).toEqual([...batch.data]);
  expect(embedder.graph).toBeUndefined();
  await embedder.dispose();
});

it('takes everything from a manifest', async () => {
  const own = createOnnxPlugin({
    name: 'my-model',
    version: '1.2.3',
    description: 'made up',
    models: { small: { description: 'small', sampleRate: 100, channels: 1, embeddingSize: 3, window: 10, input: 'x' } },
  });
  const path = await write('manifest.onnx', madeUpModel({ names: { input: 'x', output: 'y' } }));
  const embedder = await own.loadModel(path);
  expect(embedder.provenance).toMatchObject({
    plugin: 'my-model',
    pluginVersion: '1.2.3',
    model: 'small',
    options: { sampleRate: 100, channels: 1, input: 'x', output: 'y', window: 10, hop: 5 },
  });
  expect(embedder.provenance.checkpointSha256).toMatch(/^[0-9a-f]{64}$/);
  expect(own.models.small).not.toHaveProperty('window');
  await embedder.dispose();
  await expect(own.loadModel()).rejects.toThrow(/no ONNX file/);
});
