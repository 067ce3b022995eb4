import type { Files } from '../mutate/files.js';

/** What one run of a target has at hand. */
export interface RunContext {
  /** An empty folder of its own, for readers of paths; made when first asked for, and gone after the run. */
  folder(): Promise<string>;
}

/** A reader that is fed with what strangers may send. */
export interface Target {
  readonly name: string;
  /** Sound inputs that others are made from, always in the same order. */
  seeds(): Promise<readonly Files[]>;
  /** Errors that it may answer with, by name: its own, for files that are no good. */
  readonly allowed: readonly string[];
  /** Reads an input; throws what the reader throws, and an `UnsoundError` where its answer cannot be. */
  run(files: Files, context: RunContext): Promise<void>;
  /** Inputs of the short run among the project's tests; default 40. */
  readonly shortRuns?: number;
}

/** A reader's answer that cannot be right: a finding, though nothing was thrown. */
export class UnsoundError extends Error {
  override name = 'UnsoundError';
}
