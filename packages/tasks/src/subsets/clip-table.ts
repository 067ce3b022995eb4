/** A task's `clips.csv`. */
export interface ClipTable {
  /** The file, as errors name it. */
  readonly path: string;
  /** SHA-256 of the file in hexadecimal. */
  readonly sha256: string;
  /** Columns that clips can be told apart by: `group`, and whatever the dataset knows. */
  readonly columns: readonly string[];
  /** The one of them that says whose each clip is; undefined where none does. */
  readonly groupColumn: string | undefined;
  /**
   * The cell of a clip; '' where it is unknown.
   *
   * @throws TaskError for a clip that the table lacks
   */
  cell(split: string, clip: string, column: string): string;
}
