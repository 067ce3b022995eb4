/** Where a command writes: results to `stdout`, progress and errors to `stderr`. */
export interface Streams {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
  /** Tells what to say when the command is stopped. */
  readonly whenStopped?: (texts: StopTexts) => void;
}

/** What every command receives in addition to its options. */
export interface CommandContext extends Streams {
  readonly abortSignal?: AbortSignal;
  /** Tells `main` the exit status if it is not 0. */
  setExitStatus(status: number): void;
}

/** What a command says when Ctrl-C or SIGTERM stops it; empty: nothing. */
export interface StopTexts {
  /** At once. How to quit without waiting is said after it. */
  readonly stopping: string;
  /** What a second signal means, besides that the command ends at once. */
  readonly quitting?: string;
  /** When it has stopped. */
  readonly stopped: string;
}

/** Of commands that compute for themselves. */
export const usualStopTexts: StopTexts = {
  stopping: 'Stopping after the current step.',
  stopped: 'Stopped. Finished results, clips and probes are kept: the same command continues from there.',
};

/** Of `hearken worker`. */
export const workerStopTexts: StopTexts = {
  stopping: 'Stopping: the jobs at hand end within seconds and go back to the queue.',
  quitting: 'Other workers then take its jobs after one to two minutes.',
  stopped: 'Stopped. Other workers do what is in the queue, or this one when it is started again.',
};

/** Of commands that only show something. */
export const noStopTexts: StopTexts = { stopping: '', stopped: '' };

const again = { SIGINT: 'Press Ctrl-C again to quit now.', SIGTERM: 'Send SIGTERM again to quit now.' } as const;

/** What is said when a signal arrives. */
export function stoppingText({ stopping, quitting }: StopTexts, signal: keyof typeof again): string {
  if (stopping === '') return '';
  return `\n${[stopping, again[signal], ...(quitting === undefined ? [] : [quitting])].join(' ')}\n`;
}

/** What is said when the command has stopped. */
export function stoppedText({ stopped }: StopTexts): string {
  return stopped === '' ? '' : `${stopped}\n`;
}
