import type { JobCalls, JobRunner } from '../../src/child/child-process.node.js';
import type { AnyJob, ChildAnswer } from '../../src/child/messages.js';

/** Does jobs in this process, as a function says, and counts the models that a child process would have loaded. */
export class MadeRunner implements JobRunner {
  loads = 0;
  #loaded: string | undefined;

  constructor(readonly answer: (job: AnyJob, calls: JobCalls) => Promise<ChildAnswer>) {}

  async run(job: AnyJob, calls: JobCalls): Promise<ChildAnswer> {
    calls.abortSignal.throwIfAborted();
    const needsModel = job.kind === 'describe' || job.kind === 'embed';
    if (needsModel && this.#loaded !== job.data.model.name) {
      this.#loaded = job.data.model.name;
      this.loads += 1;
    }
    calls.abortSignal.throwIfAborted();
    const aborted = new Promise<never>((_, reject) => {
      calls.abortSignal.addEventListener('abort', () => {
        reject(calls.abortSignal.reason as Error);
      });
    });
    return Promise.race([this.answer(job, calls), aborted]);
  }

  async stop(): Promise<void> {
    await Promise.resolve();
  }
}
