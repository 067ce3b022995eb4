import baseline from '@hearken/plugin-baseline/web';
import { type BenchCalls, benchCalls } from './calls.js';

const calls = benchCalls((model) => baseline.loadModel(undefined, { model }));

self.addEventListener('message', ({ data, ports }: MessageEvent<{ name: keyof BenchCalls; given: unknown[] }>) => {
  // The runtime's own threads may run this script, and have messages of another kind.
  if (ports.length !== 1) return;
  (calls[data.name] as (...given: unknown[]) => Promise<unknown>)(...data.given).then(
    (value) => {
      ports[0].postMessage({ value });
    },
    (error: unknown) => {
      ports[0].postMessage({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    },
  );
});
