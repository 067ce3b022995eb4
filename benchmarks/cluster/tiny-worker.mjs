import { join } from 'node:path';
import { runWorkerWith } from '@hearken/cluster/internal';
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';

const [, , url, kind, folder] = process.argv;
const concurrency = 20;
let done = 0;
const count = () => {
  done += 1;
  return Promise.resolve(null);
};
const ending = new AbortController();

process.on('message', async (message) => {
  if (message === 'stop') ending.abort();
  if (message !== 'start') return;
  await (kind === 'bullmq' ? bare() : ours());
  process.send({ done }, () => process.exit());
});
process.send('ready');

async function bare() {
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  const worker = new Worker('work', count, { connection, prefix: 'hearken', concurrency });
  await new Promise((resolve) => ending.signal.addEventListener('abort', resolve));
  await worker.close();
  connection.disconnect();
}

async function ours() {
  await runWorkerWith(
    {
      ...{ address: { url }, tasks: [join(folder, 'tasks')], models: [folder], out: join(folder, 'out') },
      ...{ cache: join(folder, 'cache'), slots: concurrency, provider: 'cpu', plugins: ['baseline'], extensions: [] },
      ...{ untilIdle: false, abortSignal: ending.signal, say: () => undefined },
    },
    { makeRunner: () => ({ loads: 0, run: count, stop: () => Promise.resolve() }) },
  );
}
