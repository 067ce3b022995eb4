import {
  type Embedder,
  getSceneEmbeddings,
  getTimestampEmbeddings,
  type LoadOptions,
  type ModelSource,
} from '@hearken/core';
import { errorMessage, RemoteModels } from '@hearken/core/remote';
import { fromBase64, toBase64 } from './base64.js';

/** What tests call in the page: data in and out is JSON, samples and embeddings are float32 in base64. */
export interface PageCalls {
  load(
    plugin: string,
    files: readonly string[],
    options: LoadOptions,
  ): Promise<{ backend: string; sha256: string | null }>;
  scenes(values: string, channels: number): Promise<string>;
  timestamps(values: string, channels: number): Promise<{ embeddings: string; timestamps: number[] }>;
  milliseconds(samples: number, channels: number, runs: number, kind?: 'scenes' | 'timestamps'): Promise<number[]>;
  dispose(): Promise<void>;
  failure(plugin: string, files: readonly string[], options: LoadOptions): Promise<{ name: string; message: string }>;
}

const worker = new Worker(new URL('./models.worker.ts', import.meta.url), { type: 'module' });
const models = new RemoteModels(worker);
worker.addEventListener('error', (event) => {
  models.close(new Error(`the worker failed: ${event.message}`));
});
let embedder: Embedder | undefined;

/** @param files URLs: one that begins with `url:` is left to the plugin to download */
async function sourceOf(files: readonly string[]): Promise<ModelSource | undefined> {
  if (files.length === 0) return undefined;
  if (files[0].startsWith('url:')) return new URL(files[0].slice(4), location.href).href;
  const fetched = await Promise.all(
    files.map(async (url) => new File([await (await fetch(url)).blob()], url.slice(url.lastIndexOf('/') + 1))),
  );
  return fetched.length === 1 ? fetched[0] : fetched;
}

function batch(values: string, channels: number) {
  const data = fromBase64(values);
  return { data, count: 1, channels, samples: data.length / channels };
}

const calls: PageCalls = {
  async load(plugin, files, options) {
    embedder = await models.loadModel(plugin, await sourceOf(files), options);
    return { backend: embedder.provenance.backend, sha256: embedder.provenance.checkpointSha256 };
  },
  async scenes(values, channels) {
    return toBase64((await getSceneEmbeddings(batch(values, channels), embedder!)).data);
  },
  async timestamps(values, channels) {
    const { data, timestamps } = await getTimestampEmbeddings(batch(values, channels), embedder!);
    return { embeddings: toBase64(data), timestamps: [...timestamps] };
  },
  async milliseconds(samples, channels, runs, kind = 'scenes') {
    const data = Float32Array.from({ length: samples * channels }, () => 0.2 * (Math.random() - 0.5));
    const signals = { data, count: 1, channels, samples };
    const taken: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      const start = performance.now();
      await (kind === 'scenes' ? embedder!.embedScenes(signals) : embedder!.embedTimestamps(signals));
      taken.push(performance.now() - start);
    }
    return taken;
  },
  async dispose() {
    await embedder?.dispose();
  },
  async failure(plugin, files, options) {
    try {
      const onDownload = (received: number) => Object.assign(globalThis, { received });
      await models.loadModel(plugin, await sourceOf(files), {
        ...options,
        runtime: { ...options.runtime, onDownload },
      });
    } catch (error) {
      const { name, message } = errorMessage(error);
      return { name, message };
    }
    throw new Error('it did not fail');
  },
};

Object.assign(globalThis, { calls });
