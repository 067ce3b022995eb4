/** Plugin packages as third parties write them: a correct one, and ten with one mistake each. */
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** Level, roughness, crossings and logarithmic energy of a signal, and of 50 ms of it every 25 ms. */
export const goodModule = `import { definePlugin, EmbedderError } from '@hearken/core';

const sampleRate = 16000;
const hop = 400;
const window = 800;
const size = 4;

function features(signal) {
  let level = 0;
  let roughness = 0;
  let crossings = 0;
  for (let index = 0; index < signal.length; index += 1) {
    const before = index === 0 ? 0 : signal[index - 1];
    level += Math.abs(signal[index]);
    roughness += Math.abs(signal[index] - before);
    if (signal[index] * before < 0) crossings += 1;
  }
  return [level, roughness, crossings, Math.log(level + 1e-6)].map((value) => value / signal.length);
}

class MyEmbedder {
  sampleRate = sampleRate;
  channels = 1;
  sceneEmbeddingSize = size;
  timestampEmbeddingSize = size;
  minimumSceneSamples = 16;
  minimumTimestampSamples = 16;
  disposed = false;
  provenance = {
    plugin: 'my-model',
    pluginVersion: '1.0.0',
    model: 'small',
    checkpointSha256: null,
    options: { window, hop },
    backend: 'plain JavaScript 1.0.0',
  };

  async embedScenes(signals, { abortSignal } = {}) {
    this.begin(abortSignal);
    const data = new Float32Array(signals.count * size);
    for (let index = 0; index < signals.count; index += 1) data.set(features(this.signal(signals, index)), index * size);
    return { data, count: signals.count, size };
  }

  async embedTimestamps(signals, { abortSignal } = {}) {
    this.begin(abortSignal);
    const timestampCount = Math.floor((signals.samples - 1) / hop) + 1;
    const data = new Float32Array(signals.count * timestampCount * size);
    const timestamps = new Float32Array(signals.count * timestampCount);
    for (let index = 0; index < signals.count; index += 1) {
      const signal = this.signal(signals, index);
      for (let step = 0; step < timestampCount; step += 1) {
        const row = index * timestampCount + step;
        const start = Math.max(0, step * hop - window / 2);
        data.set(features(signal.subarray(start, step * hop + window / 2)), row * size);
        timestamps[row] = (step * hop * 1000) / sampleRate;
      }
    }
    return { data, count: signals.count, timestampCount, size, timestamps };
  }

  signal({ data, samples }, index) {
    return data.subarray(index * samples, (index + 1) * samples);
  }

  begin(abortSignal) {
    abortSignal?.throwIfAborted();
    if (!this.disposed) return;
    throw new EmbedderError({ asked: 'an embedding', found: 'a model that was disposed of', fix: 'load it again' });
  }

  async dispose() {
    this.disposed = true;
  }
}

const plugin = definePlugin({
  name: 'my-model',
  version: '1.0.0',
  description: 'four numbers a clip',
  models: { small: { description: 'small', sampleRate, channels: 1, embeddingSize: size, parameters: 0 } },
  async load() {
    return new MyEmbedder();
  },
});

export default plugin;
export const { loadModel, getSceneEmbeddings, getTimestampEmbeddings } = plugin;
`;

export type PackageManifest = Readonly<Record<string, unknown>>;

export const goodManifest: PackageManifest = {
  name: 'hearken-plugin-my-model',
  version: '1.0.0',
  type: 'module',
  license: 'MIT',
  keywords: ['hearken-plugin'],
  exports: { '.': { types: './index.d.mts', default: './index.mjs' } },
  files: ['index.mjs', 'index.d.mts'],
  dependencies: { '@hearken/core': '^0.1.0' },
  hearken: {
    plugin: 'my-model',
    models: { small: { description: 'small', sampleRate: 16_000, channels: 1, embeddingSize: 4 } },
  },
};

/** One mistake, and what must be reported. */
export interface BrokenPlugin {
  /** Replacements in the correct module. */
  readonly change?: readonly [from: string, to: string];
  /** A replacement for the whole module. */
  readonly module?: string;
  readonly manifest?: PackageManifest;
}

export const brokenPlugins = {
  'wrong shape': {
    change: [
      'const data = new Float32Array(signals.count * size);',
      'const data = new Float32Array(signals.count * size + 1);',
    ],
  },
  'float64 embeddings': {
    change: [
      'const data = new Float32Array(signals.count * size);',
      'const data = new Float64Array(signals.count * size);',
    ],
  },
  'drifting timestamps': {
    // A hop that was rounded to whole milliseconds.
    change: ['(step * hop * 1000) / sampleRate', 'step * Math.floor((0.98 * hop * 1000) / sampleRate)'],
  },
  'batch-dependent': {
    // Scaled by the loudest sample of the whole batch.
    change: [
      'return data.subarray(index * samples, (index + 1) * samples);',
      `const peak = data.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
    return data.subarray(index * samples, (index + 1) * samples).map((value) => value / peak);`,
    ],
  },
  'NaN on silence': { change: ['Math.log(level + 1e-6)', 'level * Math.log(level)'] },
  'leaking memory': {
    change: [
      'this.begin(abortSignal);',
      '(this.kept ??= []).push(new Uint8Array(2 ** 20).fill(1));\n    this.begin(abortSignal);',
    ],
  },
  'throws on load': { change: ['return new MyEmbedder();', "throw new TypeError('weights.bin: cannot read it');"] },
  'no exports': { module: 'const plugin = { name: "my-model" };\n' },
  'wrong core major': { manifest: { ...goodManifest, dependencies: { '@hearken/core': '^7.2.0' } } },
  'lying sizes': { change: ['sceneEmbeddingSize = size;', 'sceneEmbeddingSize = size + 4;'] },
} as const satisfies Record<string, BrokenPlugin>;

/** Writes a package, with a `node_modules` in which core is found. */
export async function writePlugin(folder: string, { change, module, manifest }: BrokenPlugin = {}): Promise<string> {
  await mkdir(join(folder, 'node_modules/@hearken'), { recursive: true });
  await symlink(join(modules, '@hearken/core'), join(folder, 'node_modules/@hearken/core'), 'dir');
  if (change !== undefined && !goodModule.includes(change[0])) throw new Error(`the good module has no '${change[0]}'`);
  const source = module ?? (change === undefined ? goodModule : goodModule.replace(change[0], change[1]));
  await writeFile(join(folder, 'index.mjs'), source);
  await writeFile(
    join(folder, 'index.d.mts'),
    "import type { Plugin } from '@hearken/core';\ndeclare const plugin: Plugin;\nexport default plugin;\n",
  );
  await mkdir(dirname(folder), { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest ?? goodManifest, undefined, 2));
  return folder;
}
