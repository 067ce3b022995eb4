import { RemoteModels } from '@hearken/core/remote';
import { JobClient } from './job-client.js';
import type { JobsGreeting } from './jobs.js';

/** The worker for models and all other jobs. */
export interface Workplace {
  readonly models: RemoteModels;
  readonly jobs: JobClient;
}

/** @param onFailure called when the worker has failed */
export function startWorker(onFailure: (error: Error) => void): Workplace {
  const worker = new Worker(new URL('./models.worker.ts', import.meta.url), { type: 'module' });
  const { port1, port2 } = new MessageChannel();
  const models = new RemoteModels(worker);
  const jobs = new JobClient(port1);
  worker.addEventListener('error', (event) => {
    const error = new Error(`the page's worker failed (${event.message}); reload the page`);
    models.close(error);
    jobs.close(error);
    onFailure(error);
  });
  worker.postMessage({ jobs: port2 } satisfies JobsGreeting, [port2]);
  return { models, jobs };
}
