import { Worker } from 'node:worker_threads';
import { HearkenError } from '@hearken/core';
import { errorOfMessage } from '@hearken/core/remote';
import type { TrainedProbe, TrainingOptions } from '../../probes/probe.js';
import type { LaneReport, LaneSetup, Trainer, TrainingJob } from './trainer.js';
import { NativeGate } from './native-gate.js';

/** The program of a lane, and its Node.js options. */
export interface LaneProgram {
  readonly url: URL;
  readonly execArgv?: readonly string[];
}

/** What the lane is doing: starting, or a training. */
interface Work {
  readonly resolve: (trained: TrainedProbe | undefined) => void;
  readonly reject: (reason: unknown) => void;
  readonly onEpoch?: TrainingOptions['onEpoch'];
}

/** The owner's side of a lane: a worker thread that trains one probe at a time. */
export class WorkerLane implements Trainer {
  /** Resolves when the lane can train; rejects if it cannot be started. */
  readonly ready: Promise<unknown>;
  readonly exited: Promise<void>;
  readonly #gate = NativeGate.create();
  readonly #worker: Worker;
  #work: Work | undefined;
  /** Why nothing more can be trained here. */
  #end: { readonly reason: unknown } | undefined;

  constructor({ url, execArgv }: LaneProgram, setup: Omit<LaneSetup, 'gate'>) {
    const workerData: LaneSetup = { ...setup, gate: this.#gate.words };
    this.#worker = new Worker(url, { workerData, ...(execArgv && { execArgv: [...execArgv] }) });
    this.ready = this.#begin();
    // If nobody waits for it, the first training reports the failure.
    this.ready.catch(() => undefined);
    this.#worker.on('message', (report: LaneReport) => {
      this.#hear(report);
    });
    this.#worker.on('messageerror', (cause) => {
      void this.stop(broken('an answer that cannot be read', cause));
    });
    this.#worker.on('error', (cause) => {
      this.#finish(broken(cause instanceof Error ? cause.message : String(cause), cause));
    });
    this.exited = new Promise((resolve) => {
      this.#worker.on('exit', (code) => {
        this.#gate.vacate();
        this.#finish(broken(`it ended with status ${code}`));
        resolve();
      });
    });
  }

  async train(job: TrainingJob, onEpoch?: TrainingOptions['onEpoch']): Promise<TrainedProbe> {
    await this.ready;
    const trained = this.#begin(onEpoch);
    this.#worker.postMessage(job);
    return (await trained)!;
  }

  async dispose(): Promise<void> {
    await this.stop(new Error('the lane was closed'));
  }

  /** Ends the thread between two calls of the runtime; the current training rejects with `reason`. */
  async stop(reason: unknown): Promise<void> {
    this.#end ??= { reason };
    this.close();
    await this.#gate.isEmpty();
    await this.#worker.terminate();
    await this.exited;
  }

  /** Prevents further calls of the runtime in the thread. */
  close(): void {
    this.#gate.close();
  }

  /** Blocks this thread until the lane's thread is outside the runtime. */
  waitUntilOutside(milliseconds: number): void {
    this.#gate.waitUntilEmpty(milliseconds);
  }

  async #begin(onEpoch?: TrainingOptions['onEpoch']): Promise<TrainedProbe | undefined> {
    if (this.#end !== undefined) throw this.#end.reason;
    return new Promise((resolve, reject) => {
      this.#work = { resolve, reject, onEpoch };
    });
  }

  #hear(report: LaneReport): void {
    const work = this.#work;
    // A training that is stopped fails at the closed gate; the reason for stopping is reported instead.
    if (work === undefined || (report.kind === 'failed' && this.#end !== undefined)) return;
    if (report.kind === 'epoch') {
      try {
        work.onEpoch?.(report.epoch, report.maxEpochs, report.bestScore);
      } catch (error) {
        void this.stop(error);
      }
      return;
    }
    this.#work = undefined;
    if (report.kind === 'ready') work.resolve(undefined);
    else if (report.kind === 'trained') work.resolve(report.trained);
    else work.reject(errorOfMessage(report.error));
  }

  #finish(reason: unknown): void {
    this.#end ??= { reason };
    this.#work?.reject(this.#end.reason);
    this.#work = undefined;
  }
}

function broken(found: string, cause?: unknown): HearkenError {
  return new HearkenError({
    asked: 'to train a probe in a separate thread',
    found,
    fix: 'check that there is enough memory, or run with fewer threads; one thread needs no others',
    cause,
  });
}
