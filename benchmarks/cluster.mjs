// Many machines by a queue: what distributing costs. Starts Debian's redis-server on loopback.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedis } from './cluster/redis.mjs';
import { addTinyJobs, drainTinyJobs, tinyJobs } from './cluster/tiny-jobs.mjs';
import { simulate } from './cluster/simulation.mjs';
import { campaignCosts } from './cluster/campaign-cost.mjs';

/** @returns {AsyncGenerator<{ what: string, value: number, unit: string, target?: number }>} */
export async function* clusterRows() {
  if (!existsSync('/usr/bin/redis-server')) {
    process.stderr.write('cluster: skipped, as there is no /usr/bin/redis-server\n');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'hearken-bench-cluster-'));
  const redis = await startRedis(join(folder, 'redis'));
  try {
    yield* tinyRows(redis, folder);
    yield* simulationRows(redis, folder);
    yield* costRows(redis, folder);
  } finally {
    await redis.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function* tinyRows(redis, folder) {
  const rates = { bullmq: [], hearken: [] };
  // In turns, as the machine's speed changes within minutes.
  for (const kind of ['bullmq', 'hearken', 'bullmq', 'hearken']) {
    await redis.flush();
    const adding = await addTinyJobs(redis.url, tinyJobs / 2, folder);
    if (kind === 'hearken' && rates.hearken.length === 0) {
      yield { what: `adding ${tinyJobs / 2} tiny jobs`, value: tinyJobs / 2 / adding.seconds, unit: 'jobs/s' };
      yield { what: 'memory of the server for each', value: adding.bytesPerJob, unit: 'bytes', target: 1024 };
    }
    const { seconds, done, completed } = await drainTinyJobs(redis.url, kind, tinyJobs / 2, folder);
    if (done !== tinyJobs / 2 || completed !== done) throw new Error(`${kind}: ${done} done, ${completed} completed`);
    rates[kind].push(tinyJobs / 2 / seconds);
  }
  const best = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  yield { what: 'tiny jobs by bare BullMQ, 2 processes x 20', value: best(rates.bullmq), unit: 'jobs/s' };
  yield { what: 'tiny jobs by our workers, 2 processes x 20', value: best(rates.hearken), unit: 'jobs/s' };
  yield { what: 'share of its rate', value: best(rates.hearken) / best(rates.bullmq), unit: 'times', target: 0.9 };
}

async function* simulationRows(redis, folder) {
  await redis.flush();
  const { idle, jobs, seconds } = await simulate(redis.url, folder);
  yield {
    what: `800 slots, ${jobs} jobs of ${seconds} s: time that slots were idle`,
    value: 100 * idle,
    unit: '%',
    target: 5,
  };
}

async function* costRows(redis, folder) {
  const { run, queue } = await campaignCosts(redis, folder);
  yield { what: 'a campaign by run', value: run, unit: 's of CPU' };
  yield {
    what: 'by a queue with one worker',
    value: queue,
    unit: 's of CPU',
    target: Number((1.05 * run + 3).toFixed(1)),
  };
}
