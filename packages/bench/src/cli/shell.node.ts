import { interrupted, terminated } from './exit-status.js';
import { main } from './main.js';
import { stoppedText, stoppingText, type StopTexts, usualStopTexts } from './streams.js';

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
  let texts = usualStopTexts;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const code = statusBySignal[signal];
    process.on(signal, () => {
      if (status !== undefined) process.exit(code);
      status = code;
      say(stoppingText(texts, signal));
      controller.abort(new Error(`stopped by ${signal}`));
    });
  }
  try {
    const { stdout, stderr } = process;
    const whenStopped = (of: StopTexts) => (texts = of);
    process.exitCode = await main(process.argv.slice(2), { stdout, stderr, whenStopped }, controller.signal);
  } catch (error) {
    if (status === undefined) throw error;
    say(stoppedText(texts));
    process.exitCode = status;
  }
}

/** `hearken models | head`: the reader has closed the pipe. */
function stopOnClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
  throw error;
}
