import type { SoundEvent } from '@hearken/metrics';

/** Embeddings that stay in their file and are read when needed. */
export interface StoredEmbeddings {
  /** Copies `count` rows, starting at row `start`, to `into`, starting at its value `offset`. */
  read(start: number, count: number, into: Float32Array, offset: number): void;
  /** Selects some of these rows without reading them; undefined if that is not possible. */
  pick?(rows: Uint32Array): StoredEmbeddings;
}

/** The embeddings of one split with their targets. A row is a clip (scene tasks) or a frame of a clip (event tasks). */
export interface EmbeddedSplit {
  /** Float32, row-major `[count, size]`; empty if they are `stored`. */
  readonly embeddings: Float32Array;
  /** Where they are read from instead, if they are too large for memory. */
  readonly stored?: StoredEmbeddings;
  /** Number of rows. */
  readonly count: number;
  /** Values per embedding. */
  readonly size: number;
  /** 1 if the row has the label: row-major `[count, labels]`; empty for regression. */
  readonly targets: Uint8Array;
  /** Regression tasks: the values of each row in the targets' units, `[count, targets]`. */
  readonly values?: Float64Array;
  /** Clip names, in the split's order. */
  readonly clipNames: readonly string[];
  /** For each row, the index in `clipNames`. */
  readonly clipOf: Uint32Array;
  /** Event tasks: each row's window centre in milliseconds. */
  readonly timestamps?: Float64Array;
  /** Event tasks: each clip's reference events. */
  readonly events?: readonly (readonly SoundEvent[])[];
}
