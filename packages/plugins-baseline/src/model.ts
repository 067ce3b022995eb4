import type { ModelMetadata } from '@hearken/core';

/** What the embedder needs to know of a model: the graph, and how signals are cut for it. */
export interface BaselineModel {
  readonly metadata: ModelMetadata;
  /** The shortest signal that the graph takes, in samples. */
  readonly minimumSamples: number;
  /** A scene longer than this (samples) is the mean over windows of this length: what bounds the memory. */
  readonly longestScene: number;
  /** Timestamp embeddings: windows of `length` samples around centres `hop` samples apart. */
  readonly timestamps: { readonly length: number; readonly hop: number };
  /** The serialised graph: `signal` `[n, channels, samples]` in, `embedding` `[n, size]` out. */
  buildGraph(options: BaselineOptions): { readonly graph: Uint8Array; readonly size: number };
}

/** The options that change an embedding, defaults filled in. */
export interface BaselineOptions {
  /** Mel bands of model `mel`. */
  readonly melBands?: number;
}
