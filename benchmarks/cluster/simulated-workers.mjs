import { join } from 'node:path';
import { runWorkerWith } from '@hearken/cluster/internal';

const [, , url, workers, slots, seconds, folder] = process.argv;
const ending = new AbortController();
/** When jobs began and ended, in ms since 1970. */
const spans = [];

async function sleep() {
  const span = { begin: Date.now(), end: Number.POSITIVE_INFINITY };
  spans.push(span);
  await new Promise((resolve) => setTimeout(resolve, 1000 * Number(seconds)));
  span.end = Date.now();
  return null;
}

process.on('message', (message) => {
  if (message === 'start') void Promise.all(Array.from({ length: Number(workers) }, work)).then(() => process.exit());
  else if (message === 'stop') ending.abort();
  else {
    const busy = spans.reduce((sum, { begin, end }) => sum + Math.max(0, Math.min(end, message.until) - begin), 0);
    process.send({ busy: busy / 1000 });
  }
});
process.send('ready');

function work() {
  return runWorkerWith(
    {
      ...{ address: { url }, tasks: [join(folder, 'tasks')], models: [folder], out: join(folder, 'out') },
      ...{ cache: join(folder, 'cache'), slots: Number(slots), provider: 'cpu', plugins: ['baseline'], extensions: [] },
      ...{ untilIdle: false, abortSignal: ending.signal, say: () => undefined },
    },
    { makeRunner: () => ({ loads: 0, run: sleep, stop: () => Promise.resolve() }) },
  );
}
