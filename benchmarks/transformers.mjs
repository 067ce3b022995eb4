import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getSceneEmbeddings, signalBatch } from '@hearken/core';
import { measure, testSignal } from './measure.mjs';
import { writeRandomWeights } from './random-weights.mjs';
import { hearTensors, patchmixTensors } from './vit-layout.mjs';

/** One model of full size with made-up weights: what it costs to load, and a clip of a batch. */
async function* modelRows({ name, plugin, tensors, options, clip, count, channels = 1, target, pytorch, load }) {
  const folder = mkdtempSync(join(tmpdir(), 'hearken-bench-'));
  try {
    const path = join(folder, 'model.safetensors');
    await writeRandomWeights(path, tensors);
    const start = performance.now();
    const embedder = await plugin.loadModel(path, options);
    const seconds = (performance.now() - start) / 1000;
    if (load !== undefined)
      yield { what: `${name}: loading, with its SHA-256`, value: seconds, unit: 's', target: load };
    const batch = signalBatch(
      Array.from({ length: count }, () => testSignal(channels * clip * embedder.sampleRate)),
      channels,
    );
    const { median } = await measure(() => getSceneEmbeddings(batch, embedder), { warmUp: 1, calls: 5 });
    yield { what: `${name}, batch ${count}`, value: median / count, unit: 'ms a clip', target, pytorch };
    await embedder.dispose();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function* hearRows() {
  const { default: plugin } = await import('@hearken/plugin-hear');
  const common = { plugin, tensors: hearTensors(), clip: 2, count: 8 };
  yield* modelRows({ ...common, name: 'HeAR ViT-L, 2 s', target: 160, pytorch: 341, load: 3 });
  if ('precision' in (plugin.options ?? {})) {
    yield* modelRows({ ...common, name: 'HeAR ViT-L int8, 2 s', options: { precision: 'int8' }, target: 75 });
  }
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
  }
}
