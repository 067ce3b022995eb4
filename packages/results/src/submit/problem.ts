/** What is wrong with a result. */
export interface Problem {
  /**
   * `file`: it or a file next to it cannot be read; `schema`: it does not have the layout of a result; `provenance`: it does not
   * state where it comes from; `hash`: a file or custom metric has a different hash; `score`: it contradicts itself, the stored
   * predictions or the task passed; `extension`: it needs a metric that is not loaded; `registry`: it contradicts what is
   * published about the task.
   */
  readonly kind: 'file' | 'schema' | 'provenance' | 'hash' | 'score' | 'extension' | 'registry';
  /** One readable line, without the result's path. */
  readonly message: string;
  /** The field of the result. */
  readonly field?: string;
  /** Name of the test split. */
  readonly fold?: string;
  /** The metric concerned. */
  readonly metric?: string;
  /** What the result says. */
  readonly stated?: number | string | null;
  /** What was found or recomputed instead. */
  readonly recomputed?: number | string | null;
}
