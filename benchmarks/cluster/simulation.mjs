import { fork } from 'node:child_process';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { tinyData } from './tiny-jobs.mjs';

const workers = 100;
const slots = 8;
const processes = 4;
/** Seconds of a job, which only waits. */
const seconds = Number(process.env.HEARKEN_BENCH_SLEEP ?? 30);
const jobs = Number(process.env.HEARKEN_BENCH_SLEEPERS ?? 10_000);

/** A hundred workers of eight slots, in a few processes: how much of their time nobody uses while there is work. */
export async function simulate(url, folder) {
  const redis = new Redis(url, { maxRetriesPerRequest: null });
  const queue = new Queue('work', { connection: redis, prefix: 'hearken' });
  const program = new URL('./simulated-workers.mjs', import.meta.url);
  const each = String(workers / processes);
  const children = Array.from({ length: processes }, () =>
    fork(program, [url, each, String(slots), String(seconds), folder]),
  );
  await Promise.all(children.map((child) => new Promise((resolve) => child.once('message', resolve))));
  const data = tinyData(folder);
  for (let first = 0; first < jobs; first += 500) {
    await queue.addBulk(
      Array.from({ length: Math.min(500, jobs - first) }, (_, index) => ({
        name: 'manifest',
        data,
        opts: { jobId: `job-${first + index}`, priority: 1001 },
      })),
    );
  }
  const start = performance.now();
  for (const child of children) child.send('start');
  /** When the last job was taken: after that, slots are idle because there is nothing to do. */
  let lastTaken;
  for (;;) {
    if (lastTaken === undefined && (await redis.zcard('hearken:work:prioritized')) === 0) {
      lastTaken = { at: performance.now(), running: await redis.llen('hearken:work:active') };
    }
    if ((await redis.zcard('hearken:work:completed')) === jobs) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const total = workers * slots * ((lastTaken.at - start) / 1000);
  const reports = await Promise.all(
    children.map(
      (child) =>
        new Promise((resolve) => {
          child.once('message', resolve);
          child.send({ until: lastTaken.at + performance.timeOrigin });
        }),
    ),
  );
  const busy = reports.reduce((sum, report) => sum + report.busy, 0);
  const ended = children.map((child) => new Promise((resolve) => child.once('exit', resolve)));
  for (const child of children) child.send('stop');
  await Promise.all(ended);
  await queue.close();
  redis.disconnect();
  return { idle: 1 - busy / total, jobs, seconds };
}
