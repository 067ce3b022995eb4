import { afterEach, describe, expect, it } from 'vitest';
import {
  CheckpointError,
  type CheckpointReader,
  definePlugin,
  type Embedder,
  EmbedderError,
  getSceneLogits,
  OptionError,
  signalBatch,
} from '../src/index.js';
import { RemoteModels, serveModels } from '../src/remote.js';
import { streamEmbeddings } from '../src/streaming.js';

const channels: MessageChannel[] = [];
let disposed = 0;
/** For every signal that the model has begun to embed: how many came with it. */
const embedding: number[] = [];
let downloads: ((received: number, total: number | undefined) => void) | undefined;

afterEach(() => {
  for (const { port1, port2 } of channels.splice(0)) {
    port1.close();
    port2.close();
  }
  disposed = 0;
  embedding.length = 0;
});

const plugin = definePlugin({
  name: 'sum',
  version: '1.0.0',
  description: 'sums',
  models: { one: { description: 'the sum', sampleRate: 8000, channels: 1, embeddingSize: 1 } },
  options: { backend: 'its name' },
  load(checkpoint, { runtime, ...options }) {
    downloads = runtime?.onDownload;
    runtime?.onDownload?.(1, 2);
    let backend = 'first';
    const embedder: Embedder = {
      sampleRate: 8000,
      channels: 1,
      sceneEmbeddingSize: 1,
      timestampEmbeddingSize: 1,
      minimumSceneSamples: 1,
      minimumTimestampSamples: 1,
      provenance: {
        plugin: 'sum',
        pluginVersion: '1.0.0',
        model: 'one',
        checkpointSha256: checkpoint instanceof Blob ? String(checkpoint.size) : null,
        options,
        get backend() {
          return backend;
        },
      },
      async embedScenes({ data, count, samples }, { abortSignal } = {}) {
        const sums = new Float32Array(count);
        for (let index = 0; index < count; index += 1) {
          embedding.push(count);
          await new Promise((resolve) => setTimeout(resolve, 5));
          abortSignal?.throwIfAborted();
          sums[index] = data.subarray(index * samples, (index + 1) * samples).reduce((sum, value) => sum + value, 0);
        }
        backend = 'second';
        return { data: sums, count, size: 1 };
      },
      // One timestamp every two samples: their sum.
      timestampStreaming: {
        hop: 2,
        anyHop: false,
        firstCentre: 1,
        windowTimestamps: 1,
        lookBack: 0,
        lookAhead: 2,
        batchSize: 4,
        embed({ signals, start }, { from, to }) {
          const last = Math.min(to, Math.floor((start + signals.samples) / 2));
          const at = (sample: number) => signals.data[sample - start];
          const sums = Array.from({ length: last - from }, (_, index) => {
            return at(2 * (from + index)) + at(2 * (from + index) + 1);
          });
          return Promise.resolve(Float32Array.from(sums));
        },
      },
      head: {
        labels: ['sum'],
        size: 1,
        kind: 'multilabel',
        classifyScenes: (signals, abort) => embedder.embedScenes(signals, abort),
      },
      embedTimestamps() {
        throw new EmbedderError({ asked: 'timestamps', found: 'none', fix: 'ask for scenes' });
      },
      dispose() {
        disposed += 1;
        return Promise.resolve();
      },
    };
    return Promise.resolve(embedder);
  },
});

function remote(plugins: Parameters<typeof serveModels>[1] = [plugin]): RemoteModels {
  const channel = new MessageChannel();
  channels.push(channel);
  channel.port1.start();
  channel.port2.start();
  serveModels(channel.port2, plugins);
  return new RemoteModels(channel.port1);
}

describe('a model in a worker', () => {
  it('is an embedder like any other', async () => {
    const received: unknown[] = [];
    const models = remote();
    const embedder = await models.loadModel('sum', new Blob(['abc']), {
      runtime: { onDownload: (...progress) => received.push(progress) },
    });
    expect(received).toEqual([[1, 2]]);
    expect(embedder).toMatchObject({ sampleRate: 8000, provenance: { checkpointSha256: '3', backend: 'first' } });
    const signals = signalBatch([Float32Array.of(1, 2), Float32Array.of(3, 4)]);
    const { data } = await plugin.getSceneEmbeddings(signals, embedder);
    expect([...data]).toEqual([3, 7]);
    // The signals are the caller's still.
    expect(signals.data).toHaveLength(4);
    expect(embedder.provenance.backend).toBe('second');
    await embedder.dispose();
    await embedder.dispose();
    expect(disposed).toBe(1);
    await expect(embedder.embedScenes(signals)).rejects.toThrow(/no longer loaded/);
  });

  it('passes errors on with their class', async () => {
    const models = remote();
    await expect(models.loadModel('other')).rejects.toThrow(OptionError);
    await expect(models.loadModel('sum', undefined, { model: 'two' })).rejects.toThrow(/no such model/);
    const embedder = await models.loadModel('sum');
    const embedding = embedder.embedTimestamps(signalBatch([Float32Array.of(1)]));
    await expect(embedding).rejects.toThrow(EmbedderError);
  });

  it('names the plugin of the worker that reads a checkpoint which another one refuses', async () => {
    const families = [{ description: 'a sum', landmarks: ['sum.weight'] }];
    const foreign = (names: readonly string[]): CheckpointError =>
      Object.assign(
        new CheckpointError({ asked: 'made.pt', found: 'a sum', fix: names.join(', '), reason: 'foreign-checkpoint' }),
        { nameReader: (others: readonly CheckpointReader[]) => foreign(namesOf(others)) },
      );
    const namesOf = (others: readonly CheckpointReader[]) =>
      others.filter(({ checkpoints }) => checkpoints === families).map(({ name }) => name);
    const refusing = { name: 'other', loadModel: () => Promise.reject(foreign([])) };
    const loading = remote([refusing, { ...plugin, checkpoints: families }]).loadModel('other', new Blob(['x']));
    await expect(loading).rejects.toMatchObject({ name: 'CheckpointError', fix: 'sum' });
  });

  it('has its head', async () => {
    const embedder = await remote().loadModel('sum');
    expect(embedder.head).toMatchObject({ labels: ['sum'], size: 1, kind: 'multilabel' });
    expect(embedder.head?.classifyTimestamps).toBeUndefined();
    const { data } = await getSceneLogits(signalBatch([Float32Array.of(1, 2)]), embedder);
    expect([...data]).toEqual([3]);
  });

  it('streams', async () => {
    const embedder = await remote().loadModel('sum');
    const chunks = [Float32Array.of(1, 2, 3), Float32Array.of(4)];
    const found: number[] = [];
    for await (const { data } of streamEmbeddings(chunks, embedder)) found.push(...data);
    expect(found).toEqual([3, 7]);
  });

  it('answers calls that were made at once, each with its own', async () => {
    const embedder = await remote().loadModel('sum');
    const sums = await Promise.all(
      [1, 2, 3].map((value) => embedder.embedScenes(signalBatch([Float32Array.of(value)]))),
    );
    expect(sums.map(({ data }) => data[0])).toEqual([1, 2, 3]);
  });

  it('stops what is aborted, and goes on with the rest', async () => {
    const embedder = await remote().loadModel('sum');
    const controller = new AbortController();
    const many = signalBatch(Array.from({ length: 200 }, () => Float32Array.of(1)));
    const long = embedder.embedScenes(many, { abortSignal: controller.signal });
    const next = embedder.embedScenes(signalBatch([Float32Array.of(5)]));
    await expect.poll(() => embedding.filter((count) => count === 200).length).toBeGreaterThan(1);
    controller.abort(new Error('enough'));
    await expect(long).rejects.toThrow('enough');
    expect([...(await next).data]).toEqual([5]);
    expect(embedding.filter((count) => count === 200).length).toBeLessThan(200);
    await expect(embedder.embedScenes(many, { abortSignal: controller.signal })).rejects.toThrow('enough');
  });

  it('rejects what is open when its worker goes', async () => {
    const models = remote();
    const embedder = await models.loadModel('sum');
    const open = embedder.embedScenes(signalBatch([Float32Array.of(1)]));
    models.close(new Error('the worker ended'));
    await expect(open).rejects.toThrow('the worker ended');
    await expect(embedder.embedScenes(signalBatch([Float32Array.of(1)]))).rejects.toThrow('the worker ended');
    await embedder.dispose();
    expect(downloads).toBeDefined();
  });
});
