import type { Files } from '../mutate/files.js';

/** What one run of a target can use. */
export interface RunContext {
  /** A separate empty folder for readers of paths, made on first use and removed after the run. */
  folder(): Promise<string>;
}

/** A reader of untrusted input. */
export interface Target {
  readonly name: string;
  /** Valid inputs from which others are made, always in the same order. */
  seeds(): Promise<readonly Files[]>;
  /** Names of the errors that it may throw for bad files. */
  readonly allowed: readonly string[];
  /** Reads an input; throws what the reader throws, and an `UnsoundError` for an impossible answer. */
  run(files: Files, context: RunContext): Promise<void>;
  /** Number of inputs in the project's tests; default 40. */
  readonly shortRuns?: number;
}

/** An impossible answer of a reader, which is a finding although nothing was thrown. */
export class UnsoundError extends Error {
  override name = 'UnsoundError';
}
