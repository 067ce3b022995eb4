import { OptionError } from '@hearken/core';
import { CommanderError } from 'commander';
import { errorText } from './error-text.js';
import { done, refused } from './exit-status.js';
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

/** Former names of commands with their current ones; `call` if the same result takes more arguments. */
const formerNames: readonly { readonly former: readonly string[]; readonly current: string; readonly call?: string }[] =
  [
    { former: ['tasks', 'known'], current: 'hearken tasks list', call: 'hearken tasks list --known' },
    { former: ['embed-tasks'], current: 'hearken heareval embed' },
  ];

/**
 * Refuses former names of commands.
 *
 * @param args the arguments after `hearken`
 * @throws OptionError with the current name
 */
export function refuseFormerNames(args: readonly string[]): void {
  const words = args[0] === 'help' ? args.slice(1) : args;
  const renamed = formerNames.find(({ former }) => former.every((word, index) => words[index] === word));
  if (renamed === undefined) return;
  const { former, current, call = current } = renamed;
  throw new OptionError({
    asked: `command 'hearken ${former.join(' ')}'`,
    found: `it is now called '${current}'`,
    fix: `run '${call}' with the same arguments`,
  });
}
