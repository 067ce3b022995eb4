import {
  type Embedder,
  type EmbedderGraph,
  type EmbedOptions,
  type SceneEmbeddings,
  type SignalBatch,
  type TimestampEmbeddings,
} from '@hearken/core';
import { embedWholeSignals, type SignalStretch, type TimestampStreaming } from '@hearken/core/streaming';
import { centredWindowCount, fillWindow, type ModelProvenance, type Session, SessionEmbedder } from '@hearken/onnx';
import type { BaselineModel } from './model.js';
import { type Cut, cutScene, timestampStart } from './windows.js';

/** Runs a model's graph over windows of signals, with any backend's session. */
export class BaselineEmbedder extends SessionEmbedder implements Embedder {
  readonly graph: EmbedderGraph;
  readonly sampleRate: number;
  readonly channels: number;
  readonly minimumSceneSamples: number;
  readonly minimumTimestampSamples: number;
  readonly timestampEmbeddingSize: number;
  readonly timestampStreaming: TimestampStreaming;
  readonly #model: BaselineModel;

  constructor(
    model: BaselineModel,
    session: Session,
    serialised: Uint8Array,
    readonly sceneEmbeddingSize: number,
    provenance: ModelProvenance,
  ) {
    super(session, provenance);
    this.#model = model;
    this.graph = { model: serialised, signalShape: [model.metadata.channels, model.metadata.sampleRate] };
    this.sampleRate = model.metadata.sampleRate;
    this.channels = model.metadata.channels;
    this.minimumSceneSamples = model.minimumSamples;
    // Windows are mirrored to their full length, so a signal that is long enough for a scene is long enough here.
    this.minimumTimestampSamples = model.minimumSamples;
    this.timestampEmbeddingSize = sceneEmbeddingSize;
    this.timestampStreaming = this.#streaming();
  }

  async embedScenes(signals: SignalBatch, options: EmbedOptions = {}): Promise<SceneEmbeddings> {
    const { count } = signals;
    const size = this.sceneEmbeddingSize;
    const cut = cutScene(signals.samples, this.#model.longestScene);
    const embeddings = await this.#embed({ signals, start: 0 }, cut, options);
    return { data: meanOverWindows(embeddings, cut.starts.length, size), count, size };
  }

  /** The embedding at a time is that of the window around it, as if the window were a scene. */
  async embedTimestamps(signals: SignalBatch, options?: EmbedOptions): Promise<TimestampEmbeddings> {
    return embedWholeSignals(signals, this, this.timestampStreaming, options);
  }

  #streaming(): TimestampStreaming {
    const { timestamps, longestScene } = this.#model;
    const { length } = timestamps;
    // Mirroring at an end needs one sample more than the window extends beyond it.
    const reach = length / 2 + 1;
    return {
      hop: timestamps.hop,
      anyHop: true,
      firstCentre: 0,
      windowTimestamps: 1,
      lookBack: reach,
      lookAhead: reach,
      batchSize: Math.floor(longestScene / length),
      embed: (stretch, { from, to, hop }, options) => {
        const count = centredWindowCount(stretch.start + stretch.signals.samples, hop);
        const places = Array.from({ length: Math.max(0, Math.min(to, count) - from) }, (_, place) => from + place);
        const starts = places.map((place) => timestampStart(place, { length, hop }));
        return this.#embed(stretch, { length, starts }, options);
      },
    };
  }

  /** `[signals, windows, size]`: the windows of all signals are one list, run in batches of bounded size. */
  async #embed(stretch: SignalStretch, { length, starts }: Cut, options: EmbedOptions): Promise<Float32Array> {
    return this.embedWindows({
      count: stretch.signals.count * starts.length,
      windowSize: this.channels * length,
      windowShape: [this.channels, length],
      fill(index, target) {
        fillWindow(stretch, Math.floor(index / starts.length), starts[index % starts.length], target, 'mirrored');
      },
      embeddingSize: this.sceneEmbeddingSize,
      // As much signal per call as in the longest scene.
      batchSize: Math.floor(this.#model.longestScene / length),
      abortSignal: options.abortSignal,
    });
  }
}

/** `[n, windows, size]` to `[n, size]`. */
function meanOverWindows(embeddings: Float32Array, windows: number, size: number): Float32Array {
  if (windows === 1) return embeddings;
  const means = new Float32Array(embeddings.length / windows);
  embeddings.forEach((value, index) => {
    const signal = Math.floor(index / (windows * size));
    means[signal * size + (index % size)] += value / windows;
  });
  return means;
}
