import { errorMessage } from '@hearken/core/remote';
import type { AnyJob, FromChild, ToChild } from './messages.js';
import { Workbench } from './workbench.node.js';

/* The program of a child process: it computes, and knows nothing of the queue. */

/** Progress is told no more often than this, in ms. */
const progressEvery = 500;

let workbench: Promise<Workbench> | undefined;
let running: AbortController | undefined;

// The worker may just have been killed: then this process ends, too.
const say = (message: FromChild) => process.send?.(message, undefined, undefined, () => undefined);

// Without a worker nobody waits for the answer.
process.on('disconnect', () => process.exit(0));
// Ctrl-C in a terminal reaches the whole process group: the worker decides what happens with the jobs.
process.on('SIGINT', () => undefined);

process.on('message', (message: ToChild) => {
  if (message.kind === 'settings') {
    workbench = Workbench.open(message.settings);
    workbench.then(
      () => say({ kind: 'ready' }),
      (error: unknown) => say({ kind: 'failed', error: errorMessage(error), loads: 0 }),
    );
  } else if (message.kind === 'stop') running?.abort();
  else void run(message.job);
});

async function run(job: AnyJob): Promise<void> {
  const bench = await workbench!;
  const controller = new AbortController();
  running = controller;
  let told = { at: Number.NEGATIVE_INFINITY, found: 0 };
  try {
    const value = await bench.run(job, {
      abortSignal: controller.signal,
      onRead: (clip) => say({ kind: 'reading', clip }),
      onComputed: (clips) => say({ kind: 'computed', clips }),
      onProgress: (progress) => {
        const { done, total, found } = progress;
        if (performance.now() - told.at < progressEvery && done < total && found === told.found) return;
        told = { at: performance.now(), found };
        say({ kind: 'progress', ...progress });
      },
    });
    running = undefined;
    say({ kind: 'done', value, loads: bench.loads });
  } catch (error) {
    running = undefined;
    say({ kind: 'failed', error: errorMessage(error), loads: bench.loads });
  }
}
