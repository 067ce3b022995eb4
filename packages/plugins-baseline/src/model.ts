import type { ModelMetadata } from '@hearken/core';

/** What the embedder needs to know about a model: the graph, and how to cut signals for it. */
export interface BaselineModel {
  readonly metadata: ModelMetadata;
  /** The shortest signal that the graph accepts, in samples. */
  readonly minimumSamples: number;
  /** A scene longer than this (samples) is the mean over windows of this length, which bounds the memory. */
  readonly longestScene: number;
  /** Timestamp embeddings: windows of `length` samples around centres `hop` samples apart. */
  readonly timestamps: { readonly length: number; readonly hop: number };
  /** The serialised graph: `signal` `[n, channels, samples]` in, `embedding` `[n, size]` out. */
  buildGraph(options: BaselineOptions): { readonly graph: Uint8Array; readonly size: number };
}

/** The options that change an embedding, including defaults. */
export interface BaselineOptions {
  /** Number of mel bands of model `mel`. */
  readonly melBands?: number;
}
