import { errorOfMessage } from '@hearken/core/remote';
import type { JobName, JobReport, JobRequest, Jobs } from './jobs.js';

/** Options of a job. */
export interface JobOptions<Name extends JobName> {
  readonly abortSignal?: AbortSignal;
  readonly onNews?: (news: Jobs[Name]['news']) => void;
  readonly transfer?: Transferable[];
}

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (reason: unknown) => void;
  readonly onNews?: (news: never) => void;
}

/** Sends jobs to the worker. */
export class JobClient {
  readonly #port: MessagePort;
  readonly #waiting = new Map<number, Waiting>();
  #count = 0;
  #closed: { readonly reason: unknown } | undefined;

  constructor(port: MessagePort) {
    this.#port = port;
    port.onmessage = ({ data }: MessageEvent<JobReport>) => {
      this.#hear(data);
    };
  }

  /** @throws what the job throws, and the abort signal's reason */
  do<Name extends JobName>(
    name: Name,
    ask: Jobs[Name]['ask'],
    { abortSignal, onNews, transfer = [] }: JobOptions<Name> = {},
  ): Promise<Jobs[Name]['answer']> {
    const job = (this.#count += 1);
    return new Promise<Jobs[Name]['answer']>((resolve, reject) => {
      if (this.#closed !== undefined) throw this.#closed.reason;
      abortSignal?.throwIfAborted();
      abortSignal?.addEventListener(
        'abort',
        () => {
          if (!this.#waiting.delete(job)) return;
          this.#port.postMessage({ kind: 'abort', job } satisfies JobRequest);
          reject(abortSignal.reason as Error);
        },
        { once: true },
      );
      this.#waiting.set(job, { resolve: resolve as (answer: unknown) => void, reject, onNews });
      this.#port.postMessage({ kind: 'do', job, name, ask } satisfies JobRequest, transfer);
    });
  }

  /** Rejects all pending jobs, for a worker that failed. */
  close(reason: unknown): void {
    this.#closed ??= { reason };
    for (const waiting of this.#waiting.values()) waiting.reject(reason);
    this.#waiting.clear();
  }

  #hear(report: JobReport): void {
    const waiting = this.#waiting.get(report.job);
    if (waiting === undefined) return;
    if (report.kind === 'news') {
      waiting.onNews?.(report.news as never);
      return;
    }
    this.#waiting.delete(report.job);
    if (report.kind === 'failed') waiting.reject(errorOfMessage(report.error));
    else waiting.resolve(report.answer);
  }
}
