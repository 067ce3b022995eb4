import {
  type Embedder,
  type EmbedderGraph,
  type EmbedOptions,
  type SceneEmbeddings,
  type SignalBatch,
  type TimestampEmbeddings,
} from '@hearken/core';
import {
  centredWindowCount,
  fillWindow,
  meanOverWindows,
  type ModelProvenance,
  SessionEmbedder,
  type SessionHeadParts,
} from '@hearken/onnx';
import { embedWholeSignals, type SignalStretch, type TimestampStreaming } from '@hearken/core/streaming';
import type { WaveformModel } from './waveform-model.js';

/** How to cut signals for a model. */
export interface Windowing {
  /** Window length and hop of scenes, in samples; absent: scenes are embedded whole. */
  readonly scene?: { readonly window: number; readonly hop: number };
  /** Shortest scene in samples. */
  readonly minimum: number;
  readonly timestamp: { readonly window: number; readonly hop: number };
}

/** An ONNX model with a simple way of cutting signals into windows. */
export class OnnxEmbedder extends SessionEmbedder implements Embedder {
  readonly sampleRate: number;
  readonly channels: number;
  readonly sceneEmbeddingSize: number;
  readonly timestampEmbeddingSize: number;
  readonly minimumSceneSamples: number;
  /** Windows extend beyond the ends of the signal, into zeros. */
  readonly minimumTimestampSamples = 2;
  readonly timestampStreaming: TimestampStreaming;
  readonly #model: WaveformModel;
  readonly #windowing: Windowing;

  constructor(
    model: WaveformModel,
    windowing: Windowing,
    provenance: ModelProvenance,
    readonly graph?: EmbedderGraph,
    head?: SessionHeadParts,
  ) {
    super(model.session, provenance, head);
    this.#model = model;
    this.#windowing = windowing;
    this.sampleRate = model.signature.sampleRate;
    this.channels = model.signature.channels;
    this.sceneEmbeddingSize = model.embeddingSize;
    this.timestampEmbeddingSize = model.embeddingSize;
    this.minimumSceneSamples = windowing.minimum;
    this.timestampStreaming = this.#streaming();
  }

  async embedScenes(signals: SignalBatch, options: EmbedOptions = {}): Promise<SceneEmbeddings> {
    const { count, samples } = signals;
    const { window, hop } = this.#windowing.scene ?? { window: samples, hop: samples };
    const starts = sceneStarts(samples, window, hop);
    const rows = await this.#embed({ signals, start: 0 }, window, starts, options);
    const size = this.sceneEmbeddingSize;
    return { data: meanOverWindows(rows, starts.length, size), count, size };
  }

  /** The embedding at a time is that of the window around it. */
  async embedTimestamps(signals: SignalBatch, options?: EmbedOptions): Promise<TimestampEmbeddings> {
    return embedWholeSignals(signals, this, this.timestampStreaming, options);
  }

  #streaming(): TimestampStreaming {
    const { window, hop } = this.#windowing.timestamp;
    const before = Math.floor(window / 2);
    return {
      hop,
      anyHop: true,
      firstCentre: 0,
      windowTimestamps: 1,
      lookBack: before,
      lookAhead: window - before,
      batchSize: Math.max(1, Math.floor((30 * this.sampleRate) / window)),
      embed: (stretch, range, options) => {
        const last = centredWindowCount(stretch.start + stretch.signals.samples, range.hop);
        const count = Math.max(0, Math.min(range.to, last) - range.from);
        const starts = Array.from({ length: count }, (_, index) => (range.from + index) * range.hop - before);
        return this.#embed(stretch, window, starts, options);
      },
    };
  }

  /** `[signals, windows, size]` */
  async #embed(
    stretch: SignalStretch,
    samples: number,
    starts: readonly number[],
    { abortSignal }: EmbedOptions,
  ): Promise<Float32Array> {
    abortSignal?.throwIfAborted();
    this.checkNotDisposed();
    return this.#model.embed({
      count: stretch.signals.count * starts.length,
      samples,
      abortSignal,
      fill: (index, target) => {
        const start = Math.round(starts[index % starts.length]);
        fillWindow(stretch, Math.floor(index / starts.length), start, target, 'zeros');
      },
    });
  }
}

/** Where the windows of a scene begin: every `hop` samples, with the last one moved back to end with the scene. */
function sceneStarts(samples: number, window: number, hop: number): number[] {
  if (samples <= window) return [0];
  const count = Math.ceil((samples - window) / hop) + 1;
  return Array.from({ length: count }, (_, index) => Math.min(index * hop, samples - window));
}
