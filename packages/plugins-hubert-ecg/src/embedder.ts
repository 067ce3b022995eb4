import {
  type Embedder,
  type EmbedderGraph,
  type EmbedOptions,
  type SceneEmbeddings,
  type SignalBatch,
  type TimestampEmbeddings,
} from '@hearken/core';
import {
  meanOverWindows,
  type ModelProvenance,
  type Session,
  SessionEmbedder,
  type SessionHeadParts,
} from '@hearken/onnx';
import type { HubertEcgOptions } from './options.js';
import {
  createPreprocessor,
  leastSamples,
  type PreparedRecord,
  preparedLength,
  type Preprocessor,
  windowSamples,
  windowSeconds,
} from './preprocessing/preprocess.js';
import { readRecords } from './records.js';
import { sceneStarts, timestampStarts } from './windows.js';

/** Windows of one inference call: enough for the matrix products to run at full rate. */
const batchSize = 8;

/** A HuBERT-ECG graph with its preprocessing, and scenes as the mean over windows of 5 s. */
export class HubertEcgEmbedder extends SessionEmbedder implements Embedder {
  readonly sampleRate: number;
  readonly channels: number;
  readonly minimumSceneSamples: number;
  readonly minimumTimestampSamples: number;
  readonly timestampEmbeddingSize: number;
  readonly #preprocessor: Preprocessor;

  constructor(
    session: Session,
    readonly graph: EmbedderGraph | undefined,
    readonly sceneEmbeddingSize: number,
    readonly options: HubertEcgOptions,
    provenance: ModelProvenance,
    head?: SessionHeadParts,
  ) {
    super(session, provenance, head);
    this.sampleRate = options.inputRate;
    this.channels = options.leads.length;
    this.timestampEmbeddingSize = sceneEmbeddingSize;
    this.minimumSceneSamples = leastSamples(options.inputRate);
    this.minimumTimestampSamples = this.minimumSceneSamples;
    this.#preprocessor = createPreprocessor(options.inputRate, options);
  }

  async embedScenes(signals: SignalBatch, options: EmbedOptions = {}): Promise<SceneEmbeddings> {
    const size = this.sceneEmbeddingSize;
    const all = sceneStarts(this.#preparedSamples(signals), this.#windowLength);
    const starts = this.options.windows === 'first' ? all.slice(0, 1) : all;
    const embeddings = await this.#run(signals, starts, options);
    return { data: meanOverWindows(embeddings, starts.length, size), count: signals.count, size };
  }

  /**
   * The embeddings of windows of one record that is prepared as a whole, as the authors' test script crops it.
   *
   * @param signal a batch of one
   * @param starts first samples of the windows at `sampleRate`; what would reach beyond the end begins earlier
   * @returns `[starts, size]`
   */
  async embedCrops(
    signal: SignalBatch,
    starts: readonly number[],
    options: EmbedOptions = {},
  ): Promise<SceneEmbeddings> {
    const size = this.sceneEmbeddingSize;
    const latest = this.#preparedSamples(signal) - this.#windowLength;
    const scale = this.#preprocessor.preparedRate / this.sampleRate;
    const prepared = starts.map((start) => Math.max(0, Math.min(latest, Math.round(start * scale))));
    return { data: await this.#run(signal, prepared, options), count: starts.length, size };
  }

  /** The embedding of each window of 5 s, `hop` seconds apart, at its centre; all windows are inside the record. */
  async embedTimestamps(signals: SignalBatch, options: EmbedOptions = {}): Promise<TimestampEmbeddings> {
    const { hop } = this.options;
    const hopSamples = hop * this.#preprocessor.preparedRate;
    const starts = timestampStarts(this.#preparedSamples(signals), this.#windowLength, hopSamples);
    const data = await this.#run(signals, starts, options);
    const timestampCount = starts.length;
    const timestamps = Float32Array.from(
      { length: signals.count * timestampCount },
      (_, index) => ((index % timestampCount) * hop + windowSeconds / 2) * 1000,
    );
    return { data, count: signals.count, timestampCount, size: this.timestampEmbeddingSize, timestamps };
  }

  /** Samples of one window of a prepared record. */
  get #windowLength(): number {
    return windowSeconds * this.#preprocessor.preparedRate;
  }

  #preparedSamples({ samples }: SignalBatch): number {
    const { resample } = this.options;
    return resample ? preparedLength(samples, this.sampleRate, this.#preprocessor.preparedRate) : samples;
  }

  /** The windows that begin at `starts` in every signal: `[signals, starts, size]`. */
  async #run(signals: SignalBatch, starts: readonly number[], options: EmbedOptions): Promise<Float32Array> {
    this.checkNotDisposed();
    const records = readRecords(signals, this.options);
    let current: { readonly index: number; readonly prepared: PreparedRecord } | undefined;
    return this.embedWindows({
      count: signals.count * starts.length,
      windowSize: windowSamples,
      // Windows come signal by signal, so that one prepared record at a time is enough.
      fill: (index, target) => {
        const signal = Math.floor(index / starts.length);
        if (current?.index !== signal) {
          current = { index: signal, prepared: this.#preprocessor.prepare(records(signal)) };
        }
        this.#preprocessor.writeWindow(current.prepared, starts[index % starts.length], target);
      },
      embeddingSize: this.sceneEmbeddingSize,
      batchSize,
      abortSignal: options.abortSignal,
    });
  }
}
