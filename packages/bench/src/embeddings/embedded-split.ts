import type { SoundEvent } from '@hearken/metrics';

/** Embeddings that stay where they are kept, and are read when they are needed. */
export interface StoredEmbeddings {
  /** Copies `count` rows from row `start` on to `into`, from its value `offset` on. */
  read(start: number, count: number, into: Float32Array, offset: number): void;
  /** Some of these rows as rows of their own, nothing being read; absent where that cannot be had. */
  pick?(rows: Uint32Array): StoredEmbeddings;
}

/**
 * The embeddings of one split with their targets. A row is a clip (scene tasks) or a frame of a clip (event tasks).
 */
export interface EmbeddedSplit {
  /** Float32, row-major `[count, size]`; empty where they are `stored`. */
  readonly embeddings: Float32Array;
  /** Where they are read from, instead: more of them than memory should hold. */
  readonly stored?: StoredEmbeddings;
  /** Rows. */
  readonly count: number;
  /** Values of an embedding. */
  readonly size: number;
  /** 1 where the row has the label: row-major `[count, labels]`; empty for regression. */
  readonly targets: Uint8Array;
  /** Regression tasks: what is measured of each row, in the targets' own units, `[count, targets]`. */
  readonly values?: Float64Array;
  /** Clip names, in the split's order. */
  readonly clipNames: readonly string[];
  /** Index into `clipNames` of each row. */
  readonly clipOf: Uint32Array;
  /** Event tasks: each row's window centre in milliseconds. */
  readonly timestamps?: Float64Array;
  /** Event tasks: each clip's reference events. */
  readonly events?: readonly (readonly SoundEvent[])[];
}
