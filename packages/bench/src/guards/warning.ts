/** Something that a reader of a score should know, though the score stands. */
export interface Warning {
  /** The same for the same kind of thing, for programs. */
  readonly code: WarningCode;
  /** One line, for people. */
  readonly message: string;
}

export type WarningCode =
  'clip-in-two-splits' | 'label-not-in-training' | 'near-silent' | 'constant-embedding' | 'embedding-not-done';

/** `1 clip`, `2 clips`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
