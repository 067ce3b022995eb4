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
import { frameSamples, sampleRate, windowSamples } from './front-end.js';
import { tokenCounts } from './graph.js';
import type { HearOptions } from './options.js';
import type { Sizes } from './sizes.js';
import { fillWindow, listWindows, type Window, windowStarts } from './windows.js';

/** Windows of one inference call: enough for the matrix products to run at full rate. */
const batchSize = 8;

/** A HeAR graph, with scenes as the mean over windows and timestamps from the patches along time. */
export class HearEmbedder implements Embedder {
  readonly sampleRate = sampleRate;
  readonly channels = 1;
  /** One frame of the front end; the rest of the window is filled with zeros. */
  readonly minimumSceneSamples = frameSamples;
  readonly minimumTimestampSamples: number;
  readonly sceneEmbeddingSize: number;
  readonly timestampEmbeddingSize: number;
  /** Patches along time in a window. */
  readonly #times: number;
  #disposed = false;

  constructor(
    readonly session: Session,
    readonly graph: EmbedderGraph,
    sizes: Sizes,
    readonly options: HearOptions,
    readonly provenance: Provenance,
  ) {
    this.sceneEmbeddingSize = sizes.sceneEmbeddingSize;
    this.timestampEmbeddingSize = sizes.width;
    this.#times = tokenCounts(sizes).times;
    this.minimumTimestampSamples = Math.ceil(this.#patchSamples / 2);
  }

  async embedScenes(signals: SignalBatch, options: EmbedOptions = {}): Promise<SceneEmbeddings> {
    const size = this.sceneEmbeddingSize;
    const { hop, skipSilent } = this.options;
    const windows = listWindows(signals, Math.round(hop * sampleRate), skipSilent);
    const embeddings = await this.#run(signals, windows.flat(), 'embedding', size, options);
    const data = new Float32Array(signals.count * size);
    let first = 0;
    for (const [signal, { length }] of windows.entries()) {
      meanOfRows(embeddings.subarray(first * size, (first + length) * size), data.subarray(signal * size), size);
      first += length;
    }
    return { data, count: signals.count, size };
  }

  async embedTimestamps(signals: SignalBatch, options: EmbedOptions = {}): Promise<TimestampEmbeddings> {
    const { count, samples } = signals;
    const size = this.timestampEmbeddingSize;
    const starts = windowStarts(samples, windowSamples);
    const windows = Array.from({ length: count }, (_, signal) => starts.map((start) => ({ signal, start })));
    const timeline = await this.#run(signals, windows.flat(), 'timeline', this.#times * size, options);
    // Patches whose middle lies past the signal's end show zeros only.
    const timestampCount = Math.floor(samples / this.#patchSamples + 0.5);
    const data = new Float32Array(count * timestampCount * size);
    const perSignal = starts.length * this.#times * size;
    for (let signal = 0; signal < count; signal += 1) {
      const start = signal * perSignal;
      data.set(timeline.subarray(start, start + timestampCount * size), signal * timestampCount * size);
    }
    const step = (this.#patchSamples * 1000) / sampleRate;
    const timestamps = Float32Array.from(
      { length: count * timestampCount },
      (_, index) => ((index % timestampCount) + 0.5) * step,
    );
    return { data, count, timestampCount, size, timestamps };
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.session.dispose();
  }

  /** Samples from the middle of one patch to that of the next, not always a whole number. */
  get #patchSamples(): number {
    return windowSamples / this.#times;
  }

  async #run(
    signals: SignalBatch,
    windows: readonly Window[],
    output: string,
    embeddingSize: number,
    { abortSignal }: EmbedOptions,
  ): Promise<Float32Array> {
    if (this.#disposed) {
      throw new EmbedderError({
        asked: `embeddings from hear:${this.provenance.model}`,
        found: 'an embedder that was disposed of',
        fix: 'load the model again',
      });
    }
    return runWindows(this.session, {
      count: windows.length,
      windowSize: windowSamples,
      fill: (index, target) => {
        fillWindow(signals, windows[index], target);
      },
      output,
      embeddingSize,
      batchSize,
      abortSignal,
    });
  }
}

/** The mean over rows of `size` values, into the beginning of `target`. */
function meanOfRows(rows: Float32Array, target: Float32Array, size: number): void {
  const count = rows.length / size;
  for (let position = 0; position < size; position += 1) {
    let sum = 0;
    for (let row = 0; row < count; row += 1) sum += rows[row * size + position];
    target[position] = sum / count;
  }
}
