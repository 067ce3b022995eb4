/**
 * One thing that `hearken validate` looked at. Fields are only ever added.
 */
export interface Finding {
  /** What must be so. */
  readonly name: string;
  /** `contract`: breaking it is a failure. `advice`: worth mending, and no failure. */
  readonly kind: 'contract' | 'advice';
  readonly passed: boolean;
  /** What goes wrong where it does not pass. */
  readonly why: string;
  /** What was expected and found, and how to mend it; all three where it did not pass. */
  readonly expected?: string;
  readonly found?: string;
  readonly fix?: string;
  /** The name of an earlier finding that did not pass for the same reason: mend that one first. */
  readonly sameReasonAs?: string;
}

/** How the checks of one model went: what `hearken validate --json` prints. Fields are only ever added. */
export interface ValidationReport {
  /** `plugin:model`: the plugin is what is validated, whatever weights it is given. */
  readonly model: string;
  readonly pluginVersion: string;
  /** SHA-256 of the checkpoint in hexadecimal; null for a model without weights. */
  readonly checkpointSha256: string | null;
  /** How many weights were loaded, where the plugin says. */
  readonly parameters?: number;
  readonly options: Readonly<Record<string, unknown>>;
  readonly backend: string;
  /** How many findings passed, broke the contract, and give advice; together, all of them. */
  readonly passed: number;
  readonly failed: number;
  readonly advice: number;
  /** In the order in which they were looked at. */
  readonly findings: readonly Finding[];
}

/** Whether a finding is a failure. */
export function failedContract({ kind, passed }: Finding): boolean {
  return kind === 'contract' && !passed;
}

/** Whether a finding is advice that there is a reason to give. */
export function isAdvice({ kind, passed }: Finding): boolean {
  return kind === 'advice' && !passed;
}
