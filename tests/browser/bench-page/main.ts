import { RemoteModels } from '@hearken/core/remote';
import { type BenchCalls, benchCalls } from './calls.js';

/** The calls of the page: those `in: 'worker'` go to a worker that has the model, too, those `in: 'page'` stay here. */
export type PageCall = <Name extends keyof BenchCalls>(
  where: 'page' | 'worker',
  name: Name,
  given: Parameters<BenchCalls[Name]>,
) => Promise<Awaited<ReturnType<BenchCalls[Name]>>>;

const worker = new Worker(new URL('./bench.worker.ts', import.meta.url), { type: 'module' });
const remote = new RemoteModels(new Worker(new URL('./models.worker.ts', import.meta.url), { type: 'module' }));
const here = benchCalls((model) => remote.loadModel('baseline', undefined, { model }));

const call: PageCall = (where, name, given) =>
  where === 'page' ? (here[name] as (...values: unknown[]) => never)(...given) : askWorker(name, given);

function askWorker(name: string, given: readonly unknown[]): Promise<never> {
  return new Promise((resolve, reject) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }: MessageEvent<{ value: never } | { error: string }>) => {
      port1.close();
      if ('error' in data) reject(new Error(data.error));
      else resolve(data.value);
    };
    worker.postMessage({ name, given }, [port2]);
  });
}

Object.assign(globalThis, { call });
