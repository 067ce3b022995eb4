import { fork } from 'node:child_process';
import { join } from 'node:path';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';

/** How many; HEARKEN_BENCH_JOBS overrides it. */
export const tinyJobs = Number(process.env.HEARKEN_BENCH_JOBS ?? 100_000);

const atOnce = 1000;

/** What a job of ours says that hashes a task's files. */
export function tinyData(folder) {
  const model = { name: 'baseline', model: 'baseline' };
  const places = { task: join(folder, 'tasks', 'one'), out: join(folder, 'out') };
  return { campaign: '0123456789ab', priority: 100, model, ...places, extensions: [] };
}

/** Adds jobs that have nothing to do; returns the seconds, and the server's memory for each in bytes. */
export async function addTinyJobs(url, count, folder) {
  const redis = new Redis(url, { maxRetriesPerRequest: null });
  const queue = new Queue('work', { connection: redis, prefix: 'hearken' });
  const used = async () => Number(/used_memory:(\d+)/.exec(await redis.info('memory'))[1]);
  const before = await used();
  const start = performance.now();
  const data = tinyData(folder);
  for (let first = 0; first < count; first += atOnce) {
    await queue.addBulk(
      Array.from({ length: Math.min(atOnce, count - first) }, (_, index) => ({
        name: 'manifest',
        data,
        opts: { jobId: `job-${first + index}`, priority: 1001 },
      })),
    );
  }
  const seconds = (performance.now() - start) / 1000;
  const bytesPerJob = ((await used()) - before) / count;
  await queue.close();
  redis.disconnect();
  return { seconds, bytesPerJob };
}

/** Two processes do all jobs, 20 at a time each; by BullMQ's own workers, or by ours. */
export async function drainTinyJobs(url, kind, count, folder) {
  const redis = new Redis(url, { maxRetriesPerRequest: null });
  const program = new URL('./tiny-worker.mjs', import.meta.url);
  const children = [0, 1].map(() => fork(program, [url, kind, folder]));
  let done = 0;
  await Promise.all(children.map((child) => new Promise((resolve) => child.once('message', resolve))));
  const start = performance.now();
  for (const child of children) {
    child.on('message', (message) => {
      done += message.done ?? 0;
    });
    child.send('start');
  }
  const completed = () => redis.zcard('hearken:work:completed');
  while ((await completed()) < count) await new Promise((resolve) => setTimeout(resolve, 20));
  const seconds = (performance.now() - start) / 1000;
  const ended = children.map((child) => new Promise((resolve) => child.once('exit', resolve)));
  for (const child of children) child.send('stop');
  await Promise.all(ended);
  const all = await completed();
  redis.disconnect();
  return { seconds, done, completed: all };
}
