import { interrupted, terminated } from './exit-status.js';
import { main } from './main.js';

const statusBySignal = { SIGINT: interrupted, SIGTERM: terminated } as const;

/** Runs `hearken` as a process: its arguments, streams, signals and exit status. */
export async function runFromShell(): Promise<void> {
  // Standard output has only results, whatever a plugin prints.
  console.log = console.info = console.debug = console.error;
  process.stdout.on('error', stopOnClosedPipe);
  process.stderr.on('error', stopOnClosedPipe);
  const controller = new AbortController();
  // The process that watches says what is said of its runs.
  const say = (text: string) => process.env.HEARKEN_WATCHED !== '1' && process.stderr.write(text);
  let status: number | undefined;
  for (const [signal, code] of Object.entries(statusBySignal)) {
    process.on(signal, () => {
      if (status !== undefined) process.exit(code);
      status = code;
      say('\nStopping after the current step. Press Ctrl-C again to quit now.\n');
      controller.abort(new Error(`stopped by ${signal}`));
    });
  }
  try {
    process.exitCode = await main(process.argv.slice(2), process, controller.signal);
  } catch (error) {
    if (status === undefined) throw error;
    say('Stopped. Finished results, clips and probes are kept: the same command continues from there.\n');
    process.exitCode = status;
  }
}

/** `hearken models | head`: the reader has closed the pipe. */
function stopOnClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
  throw error;
}
