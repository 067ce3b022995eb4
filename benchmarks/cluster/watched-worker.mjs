// A worker of two slots that says for how long its event loop was blocked at most.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { runWorker } from '@hearken/cluster';

const [, , url, tasks, folder, slots] = process.argv;
const ending = new AbortController();
const delay = monitorEventLoopDelay({ resolution: 5 });

process.on('message', (message) => {
  if (message === 'watch') delay.enable();
  else {
    delay.disable();
    process.send({ milliseconds: delay.max / 1e6 }, () => {
      ending.abort();
    });
  }
});

await runWorker({
  ...{ address: { url }, tasks: [tasks], models: [folder], out: `${folder}/out`, cache: `${folder}/cache` },
  ...{ slots: Number(slots), provider: 'cpu', plugins: ['baseline'], extensions: [], untilIdle: false },
  ...{ abortSignal: ending.signal, say: () => undefined },
});
process.exit();
