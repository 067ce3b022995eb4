/** What a model learns: one label of several, any number of them, or numbers. */
export type TargetKind = 'multiclass' | 'multilabel' | 'regression';

/** Rows of examples with their targets. */
export interface Examples {
  /** Number of rows. */
  readonly count: number;
  /** Values of a row: those of one example, or of several windows of a clip one after another. */
  readonly size: number;
  /** Labels, or numbers to predict. */
  readonly outputs: number;
  /**
   * Copies rows to the start of a batch.
   *
   * @param rows those from `start` to `end` (exclusive) are copied
   * @param examples `[end - start, size]` or longer
   * @param targets `[end - start, outputs]` or longer: 0 or 1 for each label, or numbers
   */
  gather(rows: readonly number[], start: number, end: number, examples: Float32Array, targets: Float32Array): void;
}
