/** What is wrong with a result. */
export interface Problem {
  /**
   * `file`: it cannot be read; `registry`: it is at odds with what is known of the task; `schema`: it is not what a result is; `provenance`: it does not say where it comes from; `extension`: it
   * needs a metric that the caller has not loaded.
   */
  readonly kind: 'file' | 'schema' | 'provenance' | 'hash' | 'score' | 'extension' | 'registry';
  /** One line for a person, without the result's path. */
  readonly message: string;
  /** Where in the result: a field, or for scores the fold and metric. */
  readonly field?: string;
  /** Name of the test split. */
  readonly fold?: string;
  /** The metric whose score it is. */
  readonly metric?: string;
  /** What the result says. */
  readonly stated?: number | string | null;
  /** What was found instead. */
  readonly recomputed?: number | string | null;
}
