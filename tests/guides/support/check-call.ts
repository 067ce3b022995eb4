import { type Command, CommanderError } from 'commander';
import { createProgram } from '../../../packages/bench/src/cli/program.js';

/** What `hearken` would refuse in a call, according to its command table alone; undefined if it would start to work. */
export async function problemOfCall(args: readonly string[]): Promise<string | undefined> {
  let printed = '';
  const stream = { write: (text: string) => ((printed += text), true), isTTY: false, columns: 80 };
  const program = createProgram({
    stdout: stream,
    stderr: stream,
    setExitStatus: () => undefined,
  } as unknown as Parameters<typeof createProgram>[0]);
  takeActions(program);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return undefined;
  } catch (error) {
    // This does not check whether models and files exist.
    if (!(error instanceof CommanderError) || error.exitCode === 0) return undefined;
    return printed.trim();
  }
}

/** Commands that do nothing, so that only their options and arguments are checked. */
function takeActions(command: Command): void {
  if (command.commands.length === 0) command.action(() => undefined);
  for (const subcommand of command.commands) takeActions(subcommand);
}
