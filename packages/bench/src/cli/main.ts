import { CommanderError } from 'commander';
import { errorText } from './error-text.js';
import { done, refused } from './exit-status.js';
import { refuseFormerNames } from './former-names.js';
import { createProgram } from './program.js';
import type { Streams } from './streams.js';

/**
 * Runs the `hearken` command.
 *
 * @param args the arguments after `hearken`
 * @returns the exit status; every error has been printed to `stderr`
 * @throws the abort signal's reason if it stopped the command
 */
export async function main(args: readonly string[], streams: Streams, abortSignal?: AbortSignal): Promise<number> {
  let status = done;
  const program = createProgram({
    ...streams,
    abortSignal,
    setExitStatus(value) {
      status = value;
    },
  });
  // `--debug` may be anywhere, also after the subcommand.
  const debug = args.includes('--debug');
  const rest = args.filter((arg) => arg !== '--debug');
  try {
    refuseFormerNames(rest);
    await program.parseAsync(debug ? ['--debug', ...rest] : rest, { from: 'user' });
    return status;
  } catch (error) {
    abortSignal?.throwIfAborted();
    // Commander has already printed the error, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? done : refused;
    streams.stderr.write(errorText(error, debug));
    return refused;
  }
}
