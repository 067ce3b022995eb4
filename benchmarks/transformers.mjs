import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getSceneEmbeddings, signalBatch } from '@hearken/core';
import { matrixProductRate } from './machine.mjs';
import { measure, testSignal } from './measure.mjs';
import { writeRandomWeights } from './random-weights.mjs';
import { encoderOperations, hearSizes, hearTensors, patchmixTensors } from './vit-layout.mjs';
import { loadMemoryRow, quantizedSizeRow } from './weights-size.mjs';

/** Target for a ViT, in percent of the machine's matrix product rate. */
const rateTarget = 85;

/**
 * One full-size model with random weights: the cost of loading it, and of a clip in a batch. `operations` per clip, if given,
 * shows how close it is to the machine's rate; `memory` says whether loading is measured in a separate process.
 */
async function* modelRows(model) {
  const folder = mkdtempSync(join(tmpdir(), 'hearken-bench-'));
  try {
    const path = join(folder, 'model.safetensors');
    await writeRandomWeights(path, model.tensors);
    yield* loadRows(model, path);
    const { name, plugin, options, clip, count, channels = 1, target, pytorch, operations } = model;
    const embedder = await plugin.loadModel(path, options);
    const batch = signalBatch(
      Array.from({ length: count }, () => testSignal(channels * clip * embedder.sampleRate)),
      channels,
    );
    // Before and after, because other processes may start or end.
    const rates = operations === undefined ? [] : [await matrixProductRate()];
    const { median, minimum } = await measure(() => getSceneEmbeddings(batch, embedder), { warmUp: 3, calls: 9 });
    yield { what: `${name}, batch ${count}`, value: median / count, unit: 'ms a clip', target, pytorch };
    if (operations !== undefined) {
      rates.push(await matrixProductRate());
      const rate = (operations * count) / minimum / 1e6;
      const value = (100 * rate) / Math.max(...rates);
      yield { what: `${name}: rate, of the matrix product's`, value, unit: '%', target: `over ${rateTarget}` };
    }
    await embedder.dispose();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The cost of loading: time, memory, and the file of quantised weights, which the first load makes. */
async function* loadRows({ name, plugin, options = {}, clip, load, memory = false }, path) {
  const start = performance.now();
  await (await plugin.loadModel(path, options)).dispose();
  const seconds = (performance.now() - start) / 1000;
  if (load !== undefined) yield { what: `${name}: loading, with its SHA-256`, value: seconds, unit: 's', target: load };
  if (options.precision === 'int8') yield quantizedSizeRow({ name, path });
  if (memory) yield loadMemoryRow({ name, plugin: `@hearken/plugin-${plugin.name}`, path, options, clip });
}

export async function* hearRows() {
  const { default: plugin } = await import('@hearken/plugin-hear');
  const common = { plugin, tensors: hearTensors(), clip: 2, count: 8, memory: true };
  const operations = encoderOperations(hearSizes);
  yield* modelRows({ ...common, name: 'HeAR ViT-L, 2 s', target: 160, pytorch: 341, load: 3, operations });
  yield* modelRows({ ...common, name: 'HeAR ViT-L int8, 2 s', options: { precision: 'int8' }, target: 75 });
}

export async function* patchmixRows() {
  const { default: plugin } = await import('@hearken/plugin-patchmix');
  const common = { plugin, tensors: patchmixTensors(), clip: 8, count: 4, options: { model: 'patchmix' } };
  yield* modelRows({ ...common, name: 'AST base, 8 s', target: 520, pytorch: 980 });
}

export async function* hubertRows() {
  const { default: plugin, publishedTensors } = await import('@hearken/plugin-hubert-ecg');
  for (const [size, target, pytorch] of [
    ['base', 55, 104],
    ['small', 20, 35],
  ]) {
    const tensors = publishedTensors(size);
    const common = { plugin, tensors, options: { model: size }, channels: 12, clip: 5, count: 8 };
    yield* modelRows({ ...common, name: `HuBERT-ECG ${size}, 5 s`, target, pytorch });
    const quantized = { ...common.options, precision: 'int8' };
    yield* modelRows({ ...common, name: `HuBERT-ECG ${size} int8, 5 s`, options: quantized });
  }
}
