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
  const { worker, jobs } = newWorker();
  const models = new RemoteModels(worker);
  worker.addEventListener('error', (event) => {
    const error = new Error(`the page's worker failed (${event.message}); reload the page`);
    models.close(error);
    jobs.close(error);
    onFailure(error);
  });
  return { models, jobs };
}

/** A worker that trains one model; ending it frees all memory at once. */
export interface TrainingPlace {
  readonly jobs: JobClient;
  end(): void;
}

export function startTraining(): TrainingPlace {
  const { worker, jobs } = newWorker();
  worker.addEventListener('error', (event) => {
    jobs.close(new Error(`the worker for training failed (${event.message}); train again`));
    worker.terminate();
  });
  return {
    jobs,
    end() {
      jobs.close(new DOMException('ended', 'AbortError'));
      worker.terminate();
    },
  };
}

/** Both workers have the same code, which is then loaded only once. */
function newWorker(): { worker: Worker; jobs: JobClient } {
  const worker = new Worker(new URL('./models.worker.ts', import.meta.url), { type: 'module' });
  const { port1, port2 } = new MessageChannel();
  worker.postMessage({ jobs: port2 } satisfies JobsGreeting, [port2]);
  return { worker, jobs: new JobClient(port1) };
}
