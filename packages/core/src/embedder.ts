import type { ClassificationHead } from './classification-head.js';
import type { EmbedOptions } from './embed-options.js';
import type { SignalBatch } from './signals.js';
import type { TimestampStreaming } from './streaming/timestamp-streaming.js';

/** One embedding per signal: float32, row-major `[count, size]`. */
export interface SceneEmbeddings {
  /** Row-major `[count, size]`. */
  readonly data: Float32Array;
  /** Number of signals in the batch. */
  readonly count: number;
  /** Number of values in an embedding: the embedder's `sceneEmbeddingSize`. */
  readonly size: number;
}

/** Embeddings over time: float32, row-major `[count, timestampCount, size]`, all signals on the same time grid. */
export interface TimestampEmbeddings {
  /** Row-major `[count, timestampCount, size]`. */
  readonly data: Float32Array;
  /** Number of signals in the batch. */
  readonly count: number;
  /** Number of timestamps of each signal. */
  readonly timestampCount: number;
  /** Number of values in an embedding: the embedder's `timestampEmbeddingSize`. */
  readonly size: number;
  /** Window centres in milliseconds, float32, row-major `[count, timestampCount]`. */
  readonly timestamps: Float32Array;
}

/** What computes a model's embeddings, in parts that code can compare. */
export interface Execution {
  /** The runtime with its version and execution provider, such as `onnxruntime-node 1.30.0 cpu`. */
  readonly runtime: string;
  /** Threads of an inference call, which change no embedding; absent if unknown. */
  readonly threads?: number;
}

/** Where an embedding comes from; without it a score can't be reproduced. */
export interface Provenance {
  /** The plugin's short name, the part before the colon in `plugin:model`. */
  readonly plugin: string;
  /** The plugin's version. */
  readonly pluginVersion: string;
  /** Model name within the plugin, such as `mn04_as`. */
  readonly model: string;
  /** SHA-256 of the checkpoint file in hexadecimal; null for a model without weights. */
  readonly checkpointSha256: string | null;
  /** How many weights were loaded, counted rather than copied from a paper; absent if the plugin doesn't say. */
  readonly parameters?: number;
  /** Every option that changes the embedding, defaults included. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The runtime that computes it, for people: such as `onnxruntime-node 1.30.0 cpu, 2 threads`. */
  readonly backend: string;
  /** The same in parts; absent if the plugin only has the text. */
  readonly execution?: Execution;
}

/**
 * The ONNX graph that computes an embedder's scene embeddings: `signal` in, `embedding` `[n, size]` out. The caller has
 * to cut long signals into windows.
 */
export interface EmbedderGraph {
  /**
   * Shape of one signal, `[samples]` or `[channels, samples]`, with a length for which the graph alone gives the same
   * result as `embedScenes`.
   */
  readonly signalShape: readonly number[];
  /** Serialised ONNX model. */
  readonly model: Uint8Array;
  /** Folder that the locations of its external tensors are relative to. */
  readonly externalFolder?: string;
  /** Contents of its external tensors by location, where there are no folders: in a page. */
  readonly externalFiles?: ReadonlyMap<string, Blob>;
  /**
   * Checks that the external tensors are still those that were loaded. @throws if their files were replaced or changed
   */
  readonly check?: () => Promise<void>;
}

/**
 * A loaded model. The embedding of a signal never depends on the rest of its batch. Made by a plugin's `loadModel`;
 * callers use {@link getSceneEmbeddings} and {@link getTimestampEmbeddings}, which check the batch and the result.
 */
export interface Embedder {
  /** Sample rate that the signals must have, in Hz. */
  readonly sampleRate: number;
  /** 1 for audio, 12 for ECG. */
  readonly channels: number;
  /** Number of values in a scene embedding. */
  readonly sceneEmbeddingSize: number;
  /** Number of values in the embedding of one timestamp. */
  readonly timestampEmbeddingSize: number;
  /** The shortest signal, in samples, that the model can embed as a scene. */
  readonly minimumSceneSamples: number;
  /** The shortest signal, in samples, that the model can embed over time. */
  readonly minimumTimestampSamples: number;
  /** Where the embeddings come from. */
  readonly provenance: Provenance;
  /** What `hearken export` writes; absent if there is no such graph. */
  readonly graph?: EmbedderGraph;
  /** How timestamps are embedded while the signal arrives; absent if the model needs the whole signal. */
  readonly timestampStreaming?: TimestampStreaming;
  /** The classifier of the checkpoint; absent if it has none, or none that the plugin reads. */
  readonly head?: ClassificationHead;
  /** What the checkpoint has instead of a head, for errors: `no tensor 'classifier.weight'`. */
  readonly noHead?: string;
  /**
   * Embeds each signal as a whole, `[count, channels, samples]` to `[count, sceneEmbeddingSize]`. Use {@link
   * getSceneEmbeddings}, which checks input and output.
   *
   * @throws EmbedderError after `dispose`; the abort signal's reason
   */
  embedScenes(signals: SignalBatch, options?: EmbedOptions): Promise<SceneEmbeddings>;
  /**
   * Embeds each signal over time, `[count, channels, samples]` to `[count, timestampCount, timestampEmbeddingSize]`.
   * Use {@link getTimestampEmbeddings}, which checks input and output.
   *
   * @throws EmbedderError after `dispose`; the abort signal's reason
   */
  embedTimestamps(signals: SignalBatch, options?: EmbedOptions): Promise<TimestampEmbeddings>;
  /** Frees the session; calling it again does nothing. */
  dispose(): Promise<void>;
}
