/** A task's `clips.csv`. */
export interface ClipTable {
  /** The file's name in errors. */
  readonly path: string;
  /** SHA-256 of the file in hexadecimal. */
  readonly sha256: string;
  /** Columns that describe clips: `group`, and whatever the dataset has. */
  readonly columns: readonly string[];
  /** The column that names groups of clips; undefined if there is none. */
  readonly groupColumn: string | undefined;
  /**
   * The cell of a clip; '' if it is unknown.
   *
   * @throws TaskError if the table has no such clip
   */
  cell(split: string, clip: string, column: string): string;
}
