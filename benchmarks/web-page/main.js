import { getSceneEmbeddings, signalBatch } from '@hearken/core';
import { RemoteModels } from '@hearken/core/remote';
import { streamEmbeddings } from '@hearken/core/streaming';
import { measure, testSignal } from '../measure.mjs';

const models = new RemoteModels(new Worker(new URL('./models.worker.js', import.meta.url), { type: 'module' }));

/** Functions that the benchmark calls in the page. */
globalThis.calls = {
  /** Milliseconds for a scene of the given length in seconds. */
  async scene(plugin, file, options, seconds, calls) {
    const embedder = await models.loadModel(plugin, await (await fetch(file)).blob(), options);
    const batch = signalBatch([testSignal(seconds * embedder.sampleRate)]);
    const { median } = await measure(() => getSceneEmbeddings(batch, embedder), { warmUp: 3, calls });
    const { backend } = embedder.provenance;
    await embedder.dispose();
    return { median, backend };
  },

  /** Timestamp embeddings per second from chunks of 1,024 samples, one at a time. */
  async stream(plugin, file, options, seconds) {
    const embedder = await models.loadModel(plugin, await (await fetch(file)).blob(), options);
    const signal = testSignal(seconds * embedder.sampleRate);
    async function* chunks() {
      for (let at = 0; at < signal.length; at += 1024) yield signal.subarray(at, at + 1024);
    }
    let count = 0;
    const start = performance.now();
    for await (const { timestampCount } of streamEmbeddings(chunks(), embedder)) count += timestampCount;
    const rate = (1000 * count) / (performance.now() - start);
    await embedder.dispose();
    return rate;
  },

  /** Bytes of WebAssembly memory and of the whole page, before and after repeated loading and disposing. */
  async rounds(plugin, file, options, count) {
    const blob = await (await fetch(file)).blob();
    const round = async () => {
      const embedder = await models.loadModel(plugin, blob, options);
      await getSceneEmbeddings(signalBatch([testSignal(2 * embedder.sampleRate)]), embedder);
      await embedder.dispose();
    };
    const bytes = async () => (await performance.measureUserAgentSpecificMemory()).bytes;
    for (let index = 0; index < count; index += 1) await round();
    const before = await bytes();
    for (let index = 0; index < count; index += 1) await round();
    return { before, after: await bytes() };
  },
};
