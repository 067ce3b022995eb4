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
import type { WindowChoice } from './options.js';
import { frameHop, frameSamples, type Preparation, sampleRate } from './preparation.js';
import type { Sizes } from './sizes.js';
import { sceneStretches, type Stretch, timelineStretches } from './windows.js';

/**
 * Patch tokens per inference call: four windows of AudioSet's length, enough for matrix products at full rate. Longer
 * windows mean fewer of them, so that attention does not exceed memory.
 */
const tokensPerCall = 4 * 1212;

/** The parts of an embedder. */
export interface EmbedderParts {
  readonly session: Session;
  readonly graph: EmbedderGraph;
  readonly sizes: Sizes;
  readonly preparation: Preparation;
  readonly windows: WindowChoice;
  readonly sceneEmbeddingSize: number;
  readonly provenance: ModelProvenance;
  readonly head?: SessionHeadParts;
}

/** An AST graph, with scenes from its class and distillation tokens, and timestamps from the patches along time. */
export class PatchmixEmbedder extends SessionEmbedder implements Embedder {
  readonly sampleRate = sampleRate;
  readonly channels = 1;
  readonly minimumSceneSamples = frameSamples;
  readonly minimumTimestampSamples: number;
  readonly graph: EmbedderGraph;
  readonly sceneEmbeddingSize: number;
  readonly timestampEmbeddingSize: number;
  readonly timestampStreaming: TimestampStreaming;
  /** Samples from one patch to the next, and from a window's beginning to the middle of its first patch. */
  readonly #step: number;
  readonly #firstCentre: number;

  constructor(readonly parts: EmbedderParts) {
    super(parts.session, parts.provenance, parts.head);
    const { patch, stride, width } = parts.sizes;
    this.sceneEmbeddingSize = parts.sceneEmbeddingSize;
    this.timestampEmbeddingSize = width;
    this.graph = parts.graph;
    this.#step = stride[1] * frameHop;
    this.#firstCentre = ((patch[1] - 1) * frameHop + frameSamples) / 2;
    this.minimumTimestampSamples = Math.max(frameSamples, Math.ceil(this.#firstCentre));
    this.timestampStreaming = this.#streaming();
  }

  async embedScenes(signals: SignalBatch, options: EmbedOptions = {}): Promise<SceneEmbeddings> {
    const { count, samples } = signals;
    const size = this.sceneEmbeddingSize;
    const { preparation, windows } = this.parts;
    const stretches = sceneStretches(samples, preparation.windowSamples, windows === 'mean');
    const embeddings = await this.#run(signals, stretches, 'embedding', size, options);
    return { data: meanOverWindows(embeddings, stretches.length, size), count, size };
  }

  async embedTimestamps(signals: SignalBatch, options?: EmbedOptions): Promise<TimestampEmbeddings> {
    return embedWholeSignals(signals, this, this.timestampStreaming, options);
  }

  /** Windows of `times` timestamps each; each begins where the timestamps of the previous one end. */
  #streaming(): TimestampStreaming {
    const { windowSamples, times } = this.parts.preparation;
    const [step, firstCentre] = [this.#step, this.#firstCentre];
    return {
      hop: step,
      anyHop: false,
      firstCentre,
      windowTimestamps: times,
      // Where the signal ends, its last window may begin up to a window's timestamps earlier, but after the one before.
      lookBack: step * (times - 1),
      // Including the sample that shows whether the signal continues.
      lookAhead: windowSamples + 1,
      batchSize: times * this.#windowsPerCall,
      embed: (stretch, { from, to }, options) => {
        const samples = stretch.start + stretch.signals.samples;
        const { start } = timelineStretches(samples, windowSamples, step, times).slice(-1)[0];
        // Only patches centred inside the signal.
        const count = Math.min(Math.floor((samples - firstCentre) / step) + 1, start / step + times);
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
    const { count, samples } = signals;
    const { windowSamples, times } = this.parts.preparation;
    const size = this.timestampEmbeddingSize;
    const all = timelineStretches(origin + samples, windowSamples, this.#step, times);
    const last = all.length - 1;
    const data = new Float32Array(count * (to - from) * size);
    // The last stretch is shorter than the others, and all stretches in one call have the same length, so it is
    // embedded separately, for the timestamps that the others do not cover.
    for (const places of [
      { from: Math.floor(from / times), to: Math.min(last, Math.ceil(to / times)) },
      { from: last, to: to > last * times ? all.length : last },
    ]) {
      const group = all.slice(places.from, places.to).map(({ start, length }) => ({ start: start - origin, length }));
      const timelines = await this.#run(signals, group, 'timeline', times * size, options);
      for (let row = 0; row < count * group.length; row += 1) {
        const place = row % group.length;
        const begin = (origin + group[place].start) / this.#step;
        const [first, end] = [Math.max(from, (places.from + place) * times), Math.min(to, begin + times)];
        const source = (row * times + first - begin) * size;
        const target = (Math.floor(row / group.length) * (to - from) + first - from) * size;
        data.set(timelines.subarray(source, source + (end - first) * size), target);
      }
    }
    return data;
  }

  get #windowsPerCall(): number {
    const { preparation, sizes } = this.parts;
    return Math.max(1, Math.min(4, Math.floor(tokensPerCall / (preparation.times * sizes.frequencies))));
  }

  /** The same stretches of every signal, all of the same length: `[count, stretches, embeddingSize]`. */
  async #run(
    signals: SignalBatch,
    stretches: readonly Stretch[],
    output: 'embedding' | 'timeline',
    embeddingSize: number,
    { abortSignal }: EmbedOptions,
  ): Promise<Float32Array> {
    this.checkNotDisposed();
    if (stretches.length === 0) return new Float32Array(0);
    const [{ length }] = stretches;
    // Zeros around a window would move its patches off the grid, so for timestamps they are all added at its end.
    const { padding, windowSamples } = this.parts.preparation;
    const windowSize = output === 'timeline' && padding === 'zero' ? Math.max(length, windowSamples) : length;
    return this.embedWindows({
      count: signals.count * stretches.length,
      windowSize,
      fill: (index, target) => {
        const { start } = stretches[index % stretches.length];
        fillWindow({ signals, start: 0 }, Math.floor(index / stretches.length), start, target, 'zeros');
      },
      output,
      embeddingSize,
      batchSize: this.#windowsPerCall,
      abortSignal,
    });
  }
}
