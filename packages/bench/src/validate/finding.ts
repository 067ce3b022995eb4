/** One thing that was looked at. */
export interface Finding {
  readonly name: string;
  /** `contract`: breaking it is a failure. `advice`: worth mending, and no failure. */
  readonly kind: 'contract' | 'advice';
  readonly passed: boolean;
  /** What goes wrong where it does not pass. */
  readonly why: string;
  /** What was found, and how to mend it, where it did not pass. */
  readonly found?: string;
  readonly fix?: string;
}

export function failedContract({ kind, passed }: Finding): boolean {
  return kind === 'contract' && !passed;
}
