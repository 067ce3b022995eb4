/** What is wrong with a result. */
export interface Problem {
  /** `file`: it cannot be read; `schema`: it is not what a result is; `provenance`: it does not say where it comes from. */
  readonly kind: 'file' | 'schema' | 'provenance' | 'hash' | 'score';
  /** One line for a person, without the result's path. */
  readonly message: string;
  /** Where in the result: a field, or for scores the fold and metric. */
  readonly field?: string;
  readonly fold?: string;
  readonly metric?: string;
  readonly stated?: number | string | null;
  readonly recomputed?: number | string | null;
}

/** What of a value is fit to be printed: one line, of limited length. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
  return (text ?? 'nothing').replace(/\p{Cc}+/gu, ' ').slice(0, 120);
}
