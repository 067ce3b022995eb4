import { interrupted, terminated } from './exit-status.js';
import { main } from './main.js';

const statusBySignal = { SIGINT: interrupted, SIGTERM: terminated } as const;

/** Runs `hearken` as a process: its arguments, streams, signals and exit status. */
export async function runFromShell(): Promise<void> {
  // Standard output carries results only, whatever a plugin prints.
  console.log = console.info = console.debug = console.error;
  process.stdout.on('error', stopOnClosedPipe);
  process.stderr.on('error', stopOnClosedPipe);
  const controller = new AbortController();
  let status: number | undefined;
  for (const [signal, code] of Object.entries(statusBySignal)) {
    process.on(signal, () => {
      if (status !== undefined) process.exit(code);
      status = code;
      process.stderr.write('\nStopping after the step at hand; once more stops at once.\n');
      controller.abort(new Error(`stopped by ${signal}`));
    });
  }
  try {
    process.exitCode = await main(process.argv.slice(2), process, controller.signal);
  } catch (error) {
    if (status === undefined) throw error;
    process.stderr.write(
      'Stopped. Finished results are kept, and so are the clips and probes that were done: the same command goes on from there.\n',
    );
    process.exitCode = status;
  }
}

/** `hearken models | head`: whoever read the output has had enough. */
function stopOnClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
  throw error;
}
