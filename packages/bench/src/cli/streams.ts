/** Where a command writes: results to `stdout`, progress and errors to `stderr`. */
export interface Streams {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** What every command receives in addition to its options. */
export interface CommandContext extends Streams {
  readonly abortSignal?: AbortSignal;
  /** Tells `main` the exit status if it is not 0. */
  setExitStatus(status: number): void;
}
