import type { EmbedOptions } from './embed-options.js';
import type { SignalBatch } from './signals.js';
import type { TimestampStreaming } from './streaming/timestamp-streaming.js';

/** One embedding a signal: float32, row-major `[count, size]`. */
export interface SceneEmbeddings {
  /** Row-major `[count, size]`. */
  readonly data: Float32Array;
  /** Signals of the batch. */
  readonly count: number;
  /** Values of an embedding: the embedder's `sceneEmbeddingSize`. */
  readonly size: number;
}

/** Embeddings over time: float32, row-major `[count, timestampCount, size]`, all signals on the same time grid. */
export interface TimestampEmbeddings {
  /** Row-major `[count, timestampCount, size]`. */
  readonly data: Float32Array;
  /** Signals of the batch. */
  readonly count: number;
  /** Timestamps of each signal. */
  readonly timestampCount: number;
  /** Values of an embedding: the embedder's `timestampEmbeddingSize`. */
  readonly size: number;
  /** Window centres in milliseconds, float32, row-major `[count, timestampCount]`. */
  readonly timestamps: Float32Array;
}

/** Where an embedding comes from: without it a score cannot be repeated. */
export interface Provenance {
  /** The plugin's short name, the part before the colon in `plugin:model`. */
  readonly plugin: string;
  /** The plugin's version. */
  readonly pluginVersion: string;
  /** Model name within the plugin, such as `mn04_as`. */
  readonly model: string;
  /** SHA-256 of the checkpoint file in hexadecimal; null for a model without weights. */
  readonly checkpointSha256: string | null;
  /** How many weights were loaded, counted and not taken from elsewhere; absent where the plugin does not say. */
  readonly parameters?: number;
  /** Every option that changes the embedding, defaults included. */
  readonly options: Readonly<Record<string, unknown>>;
  /** What computes it, such as `onnxruntime-node 1.30.0 cpu, 2 threads`. */
  readonly backend: string;
}

/**
 * The ONNX graph that computes an embedder's scene embeddings: `signal` in, `embedding` `[n, size]` out.
 * Cutting long signals into windows is left to the caller.
 */
export interface EmbedderGraph {
  /**
   * Shape of one signal, `[samples]` or `[channels, samples]`, of a length of which the graph alone gives what
   * `embedScenes` gives.
   */
  readonly signalShape: readonly number[];
  /** Serialised ONNX model. */
  readonly model: Uint8Array;
  /** Folder that the locations of its external tensors start from. */
  readonly externalFolder?: string;
  /** Whether the external tensors are still those that were loaded. @throws where their files were replaced or changed */
  readonly check?: () => Promise<void>;
}

/**
 * A loaded model. Embeddings never depend on what a signal was batched with.
 * Made by a plugin's `loadModel`; callers use {@link getSceneEmbeddings} and {@link getTimestampEmbeddings},
 * which check the batch and the answer.
 */
export interface Embedder {
  /** Samples a second that the signals must have, in Hz. */
  readonly sampleRate: number;
  /** 1 for audio, 12 for ECG. */
  readonly channels: number;
  /** Values of a scene embedding. */
  readonly sceneEmbeddingSize: number;
  /** Values of the embedding of a timestamp. */
  readonly timestampEmbeddingSize: number;
  /** The shortest signal, in samples, that the model can embed as a scene. */
  readonly minimumSceneSamples: number;
  /** The shortest signal, in samples, that the model can embed over time. */
  readonly minimumTimestampSamples: number;
  /** Where its embeddings come from. */
  readonly provenance: Provenance;
  /** What `hearken export` writes; absent where there is no such graph. */
  readonly graph?: EmbedderGraph;
  /** How timestamps are embedded while the signal arrives; absent where the model needs the whole of it. */
  readonly timestampStreaming?: TimestampStreaming;
  /**
   * Embeds each signal as a whole, `[count, channels, samples]` to `[count, sceneEmbeddingSize]`.
   * Use {@link getSceneEmbeddings}, which checks what goes in and what comes out.
   *
   * @throws EmbedderError after `dispose`; the abort signal's reason
   */
  embedScenes(signals: SignalBatch, options?: EmbedOptions): Promise<SceneEmbeddings>;
  /**
   * Embeds each signal over time, `[count, channels, samples]` to `[count, timestampCount, timestampEmbeddingSize]`.
   * Use {@link getTimestampEmbeddings}, which checks what goes in and what comes out.
   *
   * @throws EmbedderError after `dispose`; the abort signal's reason
   */
  embedTimestamps(signals: SignalBatch, options?: EmbedOptions): Promise<TimestampEmbeddings>;
  /** Frees the session; calling it again does nothing. */
  dispose(): Promise<void>;
}
