/** The outcome of one check of `hearken validate`. Fields are only ever added. */
export interface Finding {
  /** What is required. */
  readonly name: string;
  /** `contract`: a failure if it does not pass. `advice`: an improvement, never a failure. */
  readonly kind: 'contract' | 'advice';
  readonly passed: boolean;
  /** What goes wrong if it does not pass. */
  readonly why: string;
  /** What was expected, what was found and how to fix it; all three if it did not pass. */
  readonly expected?: string;
  readonly found?: string;
  readonly fix?: string;
  /** The name of an earlier finding that did not pass for the same reason: fix that one first. */
  readonly sameReasonAs?: string;
}

/** The outcome of all checks of one model, as printed by `hearken validate --json`. Fields are only ever added. */
export interface ValidationReport {
  /** `plugin:model`: what is validated is the plugin, with whatever weights. */
  readonly model: string;
  readonly pluginVersion: string;
  /** SHA-256 of the checkpoint in hexadecimal; null for a model without weights. */
  readonly checkpointSha256: string | null;
  /** Number of weights that were loaded, if the plugin says. */
  readonly parameters?: number;
  readonly options: Readonly<Record<string, unknown>>;
  readonly backend: string;
  /** Number of findings that passed, that break the contract, and that give advice; together all findings. */
  readonly passed: number;
  readonly failed: number;
  readonly advice: number;
  /** In the order in which they were checked. */
  readonly findings: readonly Finding[];
}

/** Whether a finding is a failure. */
export function failedContract({ kind, passed }: Finding): boolean {
  return kind === 'contract' && !passed;
}

/** Whether a finding is advice that applies. */
export function isAdvice({ kind, passed }: Finding): boolean {
  return kind === 'advice' && !passed;
}
