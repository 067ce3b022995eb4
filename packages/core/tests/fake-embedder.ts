import {
  type ClassificationHead,
  definePlugin,
  EmbedderError,
  type Embedder,
  type EmbedOptions,
  type ModelMetadata,
  type Plugin,
  type SceneEmbeddings,
  type SignalBatch,
  type TimestampEmbeddings,
} from '../src/index.js';
import { embedWholeSignals, type TimestampStreaming } from '../src/streaming.js';

const size = 4;

/** Level, roughness, and the level of either half: enough to tell signals apart, and none of it needs a model. */
function statistics(signals: SignalBatch, index: number, start: number, length: number): number[] {
  const clip = signals.channels * signals.samples;
  const values = signals.data.subarray(index * clip + start, index * clip + start + length);
  const half = Math.floor(values.length / 2);
  const level = (part: Float32Array) => part.reduce((sum, value) => sum + Math.abs(value), 0) / part.length;
  const roughness = values.reduce((sum, value, at) => sum + (at === 0 ? 0 : Math.abs(value - values[at - 1])), 0);
  return [level(values), roughness / values.length, level(values.subarray(0, half)), level(values.subarray(half))];
}

/** An embedder that keeps its contract: statistics of the signal, and of 50 ms windows of it. */
export class FakeEmbedder implements Embedder {
  readonly sceneEmbeddingSize = size;
  readonly timestampEmbeddingSize = size;
  readonly minimumSceneSamples: number;
  readonly minimumTimestampSamples: number;
  readonly provenance = {
    plugin: 'fake',
    pluginVersion: '1.0.0',
    model: 'tiny',
    checkpointSha256: null,
    options: { windows: [50], nested: { mean: true } },
    backend: 'plain TypeScript 1.0',
  };
  readonly timestampStreaming: TimestampStreaming;
  /** The statistics as the logits of four labels. */
  readonly head: ClassificationHead = {
    labels: ['loud', 'rough', 'loud at first', 'loud at last'],
    size,
    kind: 'multilabel',
    classifyScenes: (signals, options) => this.embedScenes(signals, options),
    classifyTimestamps: (signals, options) => this.embedTimestamps(signals, options),
  };
  #disposed = false;

  constructor(
    readonly sampleRate: number,
    readonly channels: number,
    minimumSeconds: number,
  ) {
    this.minimumSceneSamples = minimumSeconds * sampleRate;
    this.minimumTimestampSamples = this.minimumSceneSamples;
    // 50 ms windows that begin every `hop` samples and end inside the signal.
    const window = sampleRate / 20;
    this.timestampStreaming = {
      hop: window,
      anyHop: true,
      firstCentre: window / 2,
      windowTimestamps: 1,
      lookBack: 0,
      lookAhead: window,
      batchSize: 8,
      embed: async ({ signals, start }, { from, to, hop }, options) => {
        await this.#start(options);
        const end = Math.min(to, Math.floor((start + signals.samples - window) / hop) + 1);
        const rows: number[] = [];
        for (let index = 0; index < signals.count; index += 1) {
          for (let at = from; at < end; at += 1) rows.push(...statistics(signals, index, at * hop - start, window));
        }
        return Float32Array.from(rows);
      },
    };
  }

  async embedScenes(signals: SignalBatch, options: EmbedOptions = {}): Promise<SceneEmbeddings> {
    await this.#start(options);
    const { count, channels, samples } = signals;
    const rows = Array.from({ length: count }, (_, index) => statistics(signals, index, 0, channels * samples));
    return { data: Float32Array.from(rows.flat()), count, size };
  }

  async embedTimestamps(signals: SignalBatch, options: EmbedOptions = {}): Promise<TimestampEmbeddings> {
    return embedWholeSignals(signals, this, this.timestampStreaming, options);
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    return Promise.resolve();
  }

  async #start({ abortSignal }: EmbedOptions): Promise<void> {
    await Promise.resolve();
    abortSignal?.throwIfAborted();
    if (!this.#disposed) return;
    throw new EmbedderError({
      asked: 'embeddings from fake:tiny',
      found: 'a disposed embedder',
      fix: 'load it again',
    });
  }
}

/** Metadata of the fake model. */
export const fakeModel: ModelMetadata = {
  description: 'made up for tests',
  sampleRate: 2000,
  channels: 1,
  embeddingSize: size,
};

/** A plugin with the one fake model; `metadata` and `minimumSeconds` make it one of another kind. */
export function fakePlugin(metadata: ModelMetadata = fakeModel, minimumSeconds = 0.05): Plugin {
  return definePlugin({
    name: 'fake',
    version: '1.0.0',
    description: 'made up for tests',
    models: { tiny: metadata },
    load: () => Promise.resolve(new FakeEmbedder(metadata.sampleRate, metadata.channels, minimumSeconds)),
  });
}
