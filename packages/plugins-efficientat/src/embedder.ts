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
import { minimumSamples, sampleRate } from './front-end.js';
import { sceneWindowing, timestampWindowing, windowCount, type Windowing, windowStart } from './windows.js';

/** The most samples in one inference call (40 s), which bounds the memory, however many clips there are. */
const samplesPerCall = 40 * sampleRate;

/** An EfficientAT graph, with scenes and timestamps cut into windows as by the authors. */
export class EfficientatEmbedder extends SessionEmbedder implements Embedder {
  readonly sampleRate = sampleRate;
  readonly channels = 1;
  readonly minimumSceneSamples = minimumSamples;
  // Mirroring half a window needs one more sample than that.
  readonly minimumTimestampSamples = timestampWindowing.length / 2 + 1;
  readonly timestampEmbeddingSize: number;
  readonly timestampStreaming = this.#streaming();

  constructor(
    session: Session,
    readonly graph: EmbedderGraph,
    readonly sceneEmbeddingSize: number,
    provenance: ModelProvenance,
    head?: SessionHeadParts,
  ) {
    super(session, provenance, head);
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
    const windows = windowCount(samples, sceneWindowing);
    const range = { from: 0, to: windows };
    const data = await this.#embedWindows({ signals, start: 0 }, sceneWindowing, range, options);
    return { data: meanOverWindows(data, windows, size), count, size };
  }

  async embedTimestamps(signals: SignalBatch, options?: EmbedOptions): Promise<TimestampEmbeddings> {
    return embedWholeSignals(signals, this, this.timestampStreaming, options);
  }

  #streaming(): TimestampStreaming {
    const { length, hop } = timestampWindowing;
    // Mirroring needs one sample more than the window extends beyond the end of the signal.
    const reach = length / 2 + 1;
    return {
      hop,
      anyHop: true,
      firstCentre: 0,
      windowTimestamps: 1,
      lookBack: reach,
      lookAhead: reach,
      batchSize: Math.floor(samplesPerCall / length),
      embed: (stretch, range, options) => {
        const windowing = { length, hop: range.hop };
        const to = Math.min(range.to, windowCount(stretch.start + stretch.signals.samples, windowing));
        return this.#embedWindows(stretch, windowing, { from: range.from, to: Math.max(range.from, to) }, options);
      },
    };
  }

  /** Some windows of all signals, as one list of windows: `[count, windows, size]`. */
  async #embedWindows(
    stretch: SignalStretch,
    windowing: Windowing,
    { from, to }: { readonly from: number; readonly to: number },
    options: EmbedOptions,
  ): Promise<Float32Array> {
    const windows = to - from;
    return this.#run(stretch.signals.count * windows, windowing.length, options, (index, target) => {
      const start = windowStart(from + (index % windows), windowing);
      fillWindow(stretch, Math.floor(index / windows), start, target, 'mirrored');
    });
  }

  async #run(
    count: number,
    windowSize: number,
    options: EmbedOptions,
    fill: (index: number, target: Float32Array) => void,
  ): Promise<Float32Array> {
    return this.embedWindows({
      count,
      windowSize,
      fill,
      embeddingSize: this.sceneEmbeddingSize,
      batchSize: Math.floor(samplesPerCall / windowSize),
      abortSignal: options.abortSignal,
    });
  }
}
