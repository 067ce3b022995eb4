import {
  type Embedder,
  type EmbedderGraph,
  type EmbedOptions,
  type SceneEmbeddings,
  type SignalBatch,
  type TimestampEmbeddings,
} from '@hearken/core';
import { embedWholeSignals, type SignalStretch, type TimestampStreaming } from '@hearken/core/streaming';
import {
  fillWindow,
  meanOverWindows,
  type ModelProvenance,
  type Session,
  SessionEmbedder,
  type SessionHeadParts,
} from '@hearken/onnx';
import { frameSamples, sampleRate, windowSamples } from './front-end.js';
import { tokenCounts } from './graph.js';
import type { HearOptions } from './options.js';
import type { Sizes } from './sizes.js';
import { listWindows, type Window } from './windows.js';

/** Windows of one inference call: enough for the matrix products to run at full rate. */
const batchSize = 8;

/** A HeAR graph, with scenes as the mean over windows and timestamps from the patches along time. */
export class HearEmbedder extends SessionEmbedder implements Embedder {
  readonly sampleRate = sampleRate;
  readonly channels = 1;
  /** One frame of the front end; the rest of the window is zeros. */
  readonly minimumSceneSamples = frameSamples;
  readonly minimumTimestampSamples: number;
  readonly sceneEmbeddingSize: number;
  readonly timestampEmbeddingSize: number;
  readonly timestampStreaming: TimestampStreaming;
  /** Patches along time in a window. */
  readonly #times: number;

  constructor(
    session: Session,
    readonly graph: EmbedderGraph,
    sizes: Sizes,
    readonly options: HearOptions,
    provenance: ModelProvenance,
    head?: SessionHeadParts,
  ) {
    super(session, provenance, head);
    this.sceneEmbeddingSize = sizes.sceneEmbeddingSize;
    this.timestampEmbeddingSize = sizes.width;
    this.#times = tokenCounts(sizes).times;
    this.minimumTimestampSamples = Math.ceil(this.#patchSamples / 2);
    this.timestampStreaming = this.#streaming();
  }

  async embedScenes(signals: SignalBatch, options: EmbedOptions = {}): Promise<SceneEmbeddings> {
    const size = this.sceneEmbeddingSize;
    const { hop, skipSilent } = this.options;
    const windows = listWindows(signals, Math.round(hop * sampleRate), skipSilent);
    const embeddings = await this.#run(signals, windows.flat(), 'embedding', size, options);
    const data = new Float32Array(signals.count * size);
    let first = 0;
    for (const [signal, { length }] of windows.entries()) {
      const rows = embeddings.subarray(first * size, (first + length) * size);
      data.set(meanOverWindows(rows, length, size), signal * size);
      first += length;
    }
    return { data, count: signals.count, size };
  }

  async embedTimestamps(signals: SignalBatch, options?: EmbedOptions): Promise<TimestampEmbeddings> {
    return embedWholeSignals(signals, this, this.timestampStreaming, options);
  }

  /** Adjacent windows, each with as many timestamps as patches along time. */
  #streaming(): TimestampStreaming {
    const times = this.#times;
    const patch = this.#patchSamples;
    return {
      hop: patch,
      anyHop: false,
      firstCentre: patch / 2,
      windowTimestamps: times,
      lookBack: 0,
      lookAhead: windowSamples,
      batchSize: times * batchSize,
      embed: (stretch, { from, to }, options) => {
        // Patches centred beyond the end of the signal only see zeros.
        const count = Math.floor((stretch.start + stretch.signals.samples) / patch + 0.5);
        return this.#embedPatches(stretch, { from, to: Math.min(to, count) }, options);
      },
    };
  }

  async #embedPatches(
    { signals, start: origin }: SignalStretch,
    { from, to }: { readonly from: number; readonly to: number },
    options: EmbedOptions,
  ): Promise<Float32Array> {
    if (to <= from) return new Float32Array(0);
    const times = this.#times;
    const size = this.timestampEmbeddingSize;
    const first = Math.floor(from / times);
    const length = Math.ceil(to / times) - first;
    const starts = Array.from({ length }, (_, index) => (first + index) * windowSamples - origin);
    const windows = Array.from({ length: signals.count }, (_, signal) => starts.map((start) => ({ signal, start })));
    const timeline = await this.#run(signals, windows.flat(), 'timeline', times * size, options);
    const data = new Float32Array(signals.count * (to - from) * size);
    for (let signal = 0; signal < signals.count; signal += 1) {
      const start = (signal * length * times + from - first * times) * size;
      data.set(timeline.subarray(start, start + (to - from) * size), signal * (to - from) * size);
    }
    return data;
  }

  /** Samples between the centres of adjacent patches, not always a whole number. */
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
    return this.embedWindows({
      count: windows.length,
      windowSize: windowSamples,
      fill: (index, target) => {
        const { signal, start } = windows[index];
        fillWindow({ signals, start: 0 }, signal, start, target, 'zeros');
      },
      output,
      embeddingSize,
      batchSize,
      abortSignal,
    });
  }
}
