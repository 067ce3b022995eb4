import { errorMessage } from '@hearken/core/remote';
import type { JobName, JobReport, JobRequest, Jobs } from './jobs.js';

/** What a job receives with its request. */
export interface JobContext<Name extends JobName> {
  readonly abortSignal: AbortSignal;
  readonly tell: (news: Jobs[Name]['news']) => void;
}

export type JobTable = {
  readonly [Name in JobName]: (ask: Jobs[Name]['ask'], context: JobContext<Name>) => Promise<Jobs[Name]['answer']>;
};

/** Jobs that run in parallel with others: listening takes long, and file lists need not wait. */
const besideOthers: ReadonlySet<JobName> = new Set(['listen', 'listStored', 'deleteStored']);

/** Runs the jobs from a port one after the other. */
export function serveJobs(port: MessagePort, table: JobTable): void {
  const running = new Map<number, AbortController>();
  let last: Promise<unknown> = Promise.resolve();
  const report = (message: JobReport) => {
    port.postMessage(message);
  };
  port.onmessage = ({ data }: MessageEvent<JobRequest>) => {
    const { job } = data;
    if (data.kind === 'abort') {
      running.get(job)?.abort();
      return;
    }
    const { name, ask } = data;
    const controller = new AbortController();
    running.set(job, controller);
    const context = {
      abortSignal: controller.signal,
      tell: (news: unknown) => {
        report({ kind: 'news', job, news });
      },
    };
    const doIt = async () => {
      try {
        controller.signal.throwIfAborted();
        const answer: unknown = await (table[name] as (ask: unknown, context: unknown) => Promise<unknown>)(
          ask,
          context,
        );
        report({ kind: 'done', job, answer });
      } catch (error) {
        report({ kind: 'failed', job, error: errorMessage(error) });
      } finally {
        running.delete(job);
      }
    };
    if (besideOthers.has(name)) void doIt();
    else last = last.then(doIt);
  };
}
