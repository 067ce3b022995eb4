import {
  type Embedder,
  EmbedderError,
  type EmbedderGraph,
  type EmbedOptions,
  type Provenance,
  type SceneEmbeddings,
  type SignalBatch,
  type TimestampEmbeddings,
} from '@hearken/core';
import { runWindows, type Session } from '@hearken/onnx';
import { minimumSamples, sampleRate } from './front-end.js';
import { fillWindow, sceneWindowing, timestampWindowing, windowCount, type Windowing } from './windows.js';

/** Samples of one inference call at most (40 s): what bounds the memory, however many clips there are. */
const samplesPerCall = 40 * sampleRate;

/** An EfficientAT graph with the authors' way of cutting scenes and timestamps into windows. */
export class EfficientatEmbedder implements Embedder {
  readonly sampleRate = sampleRate;
  readonly channels = 1;
  readonly minimumSceneSamples = minimumSamples;
  // Mirroring half a window needs one sample more than that.
  readonly minimumTimestampSamples = timestampWindowing.length / 2 + 1;
  readonly timestampEmbeddingSize: number;
  #disposed = false;

  constructor(
    readonly session: Session,
    readonly graph: EmbedderGraph,
    readonly sceneEmbeddingSize: number,
    readonly provenance: Provenance,
  ) {
    this.timestampEmbeddingSize = sceneEmbeddingSize;
  }

  async embedScenes(signals: SignalBatch, options: EmbedOptions = {}): Promise<SceneEmbeddings> {
    const { count, samples } = signals;
    const size = this.sceneEmbeddingSize;
    if (samples <= sceneWindowing.length) {
      const data = await this.#run(count, samples, options, (index, target) => {
        target.set(signals.data.subarray(index * samples, (index + 1) * samples));
      });
      return { data, count, size };
    }
    const { data, windows } = await this.#embedWindows(signals, sceneWindowing, options);
    return { data: meanOverWindows(data, count, windows, size), count, size };
  }

  async embedTimestamps(signals: SignalBatch, options: EmbedOptions = {}): Promise<TimestampEmbeddings> {
    const { count } = signals;
    const { data, windows } = await this.#embedWindows(signals, timestampWindowing, options);
    const step = (timestampWindowing.hop * 1000) / sampleRate;
    const timestamps = Float32Array.from({ length: count * windows }, (_, index) => (index % windows) * step);
    return { data, count, timestampCount: windows, size: this.timestampEmbeddingSize, timestamps };
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.session.dispose();
  }

  /** All windows of all signals, as one list of windows: `[count, windows, size]`. */
  async #embedWindows(signals: SignalBatch, windowing: Windowing, options: EmbedOptions) {
    const windows = windowCount(signals.samples, windowing);
    const data = await this.#run(signals.count * windows, windowing.length, options, (index, target) => {
      fillWindow(signals, Math.floor(index / windows), index % windows, windowing, target);
    });
    return { data, windows };
  }

  async #run(
    count: number,
    windowSize: number,
    options: EmbedOptions,
    fill: (index: number, target: Float32Array) => void,
  ): Promise<Float32Array> {
    if (this.#disposed) {
      throw new EmbedderError({
        asked: `embeddings from efficientat:${this.provenance.model}`,
        found: 'an embedder that was disposed of',
        fix: 'load the model again',
      });
    }
    return runWindows(this.session, {
      count,
      windowSize,
      fill,
      embeddingSize: this.sceneEmbeddingSize,
      batchSize: Math.floor(samplesPerCall / windowSize),
      abortSignal: options.abortSignal,
    });
  }
}

function meanOverWindows(data: Float32Array, count: number, windows: number, size: number): Float32Array {
  const means = new Float32Array(count * size);
  for (let signal = 0; signal < count; signal += 1) {
    for (let position = 0; position < size; position += 1) {
      let sum = 0;
      for (let window = 0; window < windows; window += 1) sum += data[(signal * windows + window) * size + position];
      means[signal * size + position] = sum / windows;
    }
  }
  return means;
}
