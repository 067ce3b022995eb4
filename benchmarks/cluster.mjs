// Many machines by a queue: what distributing costs. Starts Debian's redis-server on loopback.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedis } from './cluster/redis.mjs';
import { addTinyJobs, drainTinyJobs, tinyJobs } from './cluster/tiny-jobs.mjs';
import { simulate } from './cluster/simulation.mjs';
import { eventLoopDelay } from './cluster/event-loop.mjs';
import { campaignCosts } from './cluster/campaign-cost.mjs';
import { surviveOutages } from './cluster/outages.mjs';

const rounds = 3;

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
    yield* outageRows(redis, folder);
    yield* loopRows(redis, folder);
  } finally {
    await redis.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function* tinyRows(redis, folder) {
  const rates = { bullmq: [], hearken: [] };
  const adding = [];
  // In turns, as the machine's speed changes within minutes.
  for (let round = 0; round < rounds; round += 1) {
    for (const kind of round % 2 === 0 ? ['bullmq', 'hearken'] : ['hearken', 'bullmq']) {
      await redis.flush();
      adding.push(await addTinyJobs(redis.url, tinyJobs, folder));
      const { seconds, done, completed } = await drainTinyJobs(redis.url, kind, tinyJobs, folder);
      if (done !== tinyJobs || completed !== tinyJobs) throw new Error(`${kind}: ${done} done, ${completed} completed`);
      rates[kind].push(tinyJobs / seconds);
    }
  }
  const added = adding.reduce((sum, { seconds }) => sum + seconds, 0);
  yield { what: `adding ${tinyJobs} tiny jobs`, value: (2 * rounds * tinyJobs) / added, unit: 'jobs/s', target: 1667 };
  yield {
    what: 'memory of the server for each',
    value: median(adding.map(({ bytesPerJob }) => bytesPerJob)),
    unit: 'bytes',
    target: 1024,
  };
  yield { what: 'tiny jobs by bare BullMQ, 2 processes x 20', value: median(rates.bullmq), unit: 'jobs/s' };
  yield { what: 'tiny jobs by our workers, 2 processes x 20', value: median(rates.hearken), unit: 'jobs/s' };
  const shares = rates.hearken.map((rate, round) => rate / rates.bullmq[round]);
  yield { what: 'share of its rate, none lost or done twice', value: 100 * median(shares), unit: '%', target: 90 };
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
    what: 'by a queue with one worker, a slot for each core',
    value: queue,
    unit: 's of CPU',
    target: Number((1.05 * run + 3).toFixed(1)),
  };
}

async function* loopRows(redis, folder) {
  await redis.flush();
  const { milliseconds, longest } = await eventLoopDelay(redis, folder);
  yield {
    what: `a worker's event loop, while trainings of up to ${longest.toFixed(0)} s block its child processes`,
    value: milliseconds,
    unit: 'ms at most',
    target: 200,
  };
}

function median(values) {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];
}

async function* outageRows(redis, folder) {
  await redis.flush();
  const { lost, ended, resumed, outages, seconds } = await surviveOutages(redis, folder);
  const what = `${outages} crashes of the server, ${seconds} s each`;
  yield { what: `${what}: results missing or different`, value: lost, unit: 'results', target: 0 };
  yield { what: `${what}: workers that ended`, value: ended, unit: 'workers', target: 0 };
  yield { what: `${what}: until a job is taken again`, value: resumed, unit: 's at most', target: 10 };
}
