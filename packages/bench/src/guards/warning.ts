/** Something that readers of a score should know, although the score is valid. */
export interface Warning {
  /** Identifies the kind of warning, for programs. */
  readonly code: WarningCode;
  /** One line of text. */
  readonly message: string;
}

export type WarningCode =
  'clip-in-two-splits' | 'label-not-in-training' | 'near-silent' | 'constant-embedding' | 'embedding-not-done';

/** `1 clip`, `2 clips`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
