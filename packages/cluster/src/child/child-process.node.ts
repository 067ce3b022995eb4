import { type ChildProcess, fork } from 'node:child_process';
import { HearkenError } from '@hearken/core';
import { errorOfMessage } from '@hearken/core/remote';
import { processEnded } from '../jobs/failure-text.js';
import type { AnyJob, ChildAnswer, ChildSettings, FromChild, JobProgress, ToChild } from './messages.js';

/** The program of child processes, and its Node.js options. */
export interface ChildProgram {
  readonly url: URL;
  readonly execArgv?: readonly string[];
}

const built: ChildProgram = { url: new URL('main.node.js', import.meta.url) };

/** A child process has this long to stop by itself, in ms; a training does not notice that it should. */
const stopMilliseconds = 2000;
/** How many clips are named if the process dies: a few are read ahead. */
const namedClips = 6;

/** The process that did a job has ended, through no fault of the worker's. */
export class ChildDied extends HearkenError {
  override name = 'ChildDied';
}

/** Where a slot has its jobs done, one at a time. */
export interface JobRunner {
  /** How often a model was loaded. */
  readonly loads: number;
  /**
   * Does a job.
   *
   * @throws what the job throws; the abort signal's reason
   */
  run(job: AnyJob, calls: JobCalls): Promise<ChildAnswer>;
  /** Ends what it has started. */
  stop(): Promise<void>;
}

/** What stops a job, and hears how far it is. */
export interface JobCalls {
  readonly abortSignal: AbortSignal;
  readonly onProgress: (progress: JobProgress) => void;
}

/**
 * The worker's side of a child process that does one job at a time. It is started when the first job comes, and again
 * after it has died.
 */
export class JobChild implements JobRunner {
  #child: { readonly process: ChildProcess; readonly ready: Promise<void> } | undefined;
  #loads = 0;

  constructor(
    readonly settings: ChildSettings,
    readonly program: ChildProgram = built,
  ) {}

  loads = 0;

  /** The process's id, if there is one. */
  get processId(): number | undefined {
    return this.#child?.process.pid;
  }

  /** @throws what the job throws; ChildDied if the process ends; the abort signal's reason */
  async run(job: AnyJob, { abortSignal, onProgress }: JobCalls): Promise<ChildAnswer> {
    abortSignal.throwIfAborted();
    const { process: child, ready } = (this.#child ??= this.#start());
    await ready;
    // It may have been stopped while the process was starting.
    abortSignal.throwIfAborted();
    /** Clips that were read and have no embeddings. */
    const clips: string[] = [];
    return new Promise((resolve, reject) => {
      let killTimer: NodeJS.Timeout | undefined;
      const onStop = () => {
        if (child.connected) child.send({ kind: 'stop' } satisfies ToChild, () => undefined);
        killTimer = setTimeout(() => child.kill('SIGKILL'), stopMilliseconds);
      };
      const end = (settle: () => void) => {
        clearTimeout(killTimer);
        abortSignal.removeEventListener('abort', onStop);
        child.off('message', onMessage);
        child.off('exit', onExit);
        if (abortSignal.aborted) reject(abortSignal.reason as Error);
        else settle();
      };
      const onMessage = (message: FromChild) => {
        if (message.kind === 'reading') clips.push(message.clip);
        else if (message.kind === 'computed') clips.splice(0, message.clips);
        else if (message.kind === 'progress') onProgress(message);
        else if (message.kind === 'done' || message.kind === 'failed') {
          this.#count(message.loads);
          end(() => {
            if (message.kind === 'done') resolve(message.value);
            else reject(errorOfMessage(message.error));
          });
        }
      };
      const onExit = (status: number | null, signal: string | null) => {
        this.#child = undefined;
        this.#loads = 0;
        end(() => {
          reject(died(status, signal, clips));
        });
      };
      child.on('message', onMessage);
      child.on('exit', onExit);
      abortSignal.addEventListener('abort', onStop);
      child.send({ kind: 'job', job } satisfies ToChild, (error) => {
        // It is ending: then its exit follows.
        if (error instanceof Error) child.kill('SIGKILL');
      });
    });
  }

  /** Ends the process. */
  async stop(): Promise<void> {
    const child = this.#child?.process;
    this.#child = undefined;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await exited;
  }

  #count(loads: number): void {
    this.loads += loads - this.#loads;
    this.#loads = loads;
  }

  #start(): { readonly process: ChildProcess; readonly ready: Promise<void> } {
    const { url, execArgv } = this.program;
    const child = fork(url, [], {
      // The other cores have jobs of their own: collecting garbage with several threads cost a fifth of a training's CPU time.
      execArgv: [...(execArgv ?? process.execArgv), '--single-threaded-gc'],
      // Plugins may print; what the worker prints on standard output is its own.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const ready = new Promise<void>((resolve, reject) => {
      const onMessage = (message: FromChild) => {
        if (message.kind === 'ready') resolve();
        else if (message.kind === 'failed') reject(errorOfMessage(message.error));
      };
      child.once('message', onMessage);
      child.once('exit', (status, signal) => {
        reject(died(status, signal, []));
      });
      child.once('error', reject);
    });
    ready.catch(() => {
      this.#child = undefined;
      child.kill('SIGKILL');
    });
    child.send({ kind: 'settings', settings: this.settings } satisfies ToChild, () => undefined);
    return { process: child, ready };
  }
}

function died(status: number | null, signal: string | null, clips: readonly string[]): ChildDied {
  const how = signal === null ? `status ${status ?? 'unknown'}` : `signal ${signal}`;
  const named = clips.slice(0, namedClips).map((clip) => `'${clip}'`);
  const more = clips.length > namedClips ? ` and ${clips.length - namedClips} more` : '';
  return new ChildDied({
    reason: processEnded,
    asked: clips.length === 0 ? 'a job' : `a job that was embedding ${named.join(', ')}${more}`,
    found: `its process ended with ${how}`,
    fix: clips.length === 0 ? 'check the memory of the machine' : 'check these clips, and the memory of the machine',
  });
}
