import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openQueue, readStatus } from '@hearken/cluster';
import { makeMiniTasks } from '@hearken/tasks/node';
import { Redis } from 'ioredis';
import { hearken, startHearken } from './command.mjs';

/** How long the server is away each time, in seconds. */
const seconds = Number(process.env.HEARKEN_BENCH_OUTAGE ?? 25);
const mostOutages = 3;
const workers = 2;
/** How long workers work before the server is killed, in ms. */
const workMilliseconds = 3000;

/**
 * Kills the server (SIGKILL) up to three times during a campaign, and starts it again with its append-only file. Returns how
 * many results are missing, failed or different from those of `hearken run`, how many workers have ended, and the longest
 * time in seconds until a job is taken again.
 */
export async function surviveOutages(redis, folder) {
  const tasks = join(folder, 'outage-tasks');
  await makeMiniTasks(tasks, { tasks: ['pitch', 'scenes'] });
  const scored = ['--model', 'baseline:mel', '--tasks', tasks, '--grid-points', '8', '--seeds', '3'];
  const placesOf = (name) => ['--out', join(folder, name, 'out'), '--cache', join(folder, name, 'cache')];
  const queue = ['--queue', redis.url];
  const places = placesOf('outage');
  const own = ['worker', ...queue, '--tasks', tasks, ...places, '--threads', '1'];
  const started = Array.from({ length: workers }, () => startHearken(own));
  const running = startHearken(['run', ...scored, ...places, ...queue]);
  const resumed = [];
  let isRunning = true;
  const ended = running.ended.finally(() => (isRunning = false));
  const isOver = () => !isRunning;
  for (let outage = 0; outage < mostOutages; outage += 1) {
    await taken(redis.url, 0, isOver);
    await Promise.race([wait(workMilliseconds), ended]);
    // A fast machine may be done before.
    if (!isRunning) break;
    await redis.kill();
    await wait(1000 * seconds);
    await redis.start();
    const back = performance.now();
    await taken(redis.url, Date.now(), isOver);
    resumed.push((performance.now() - back) / 1000);
  }
  await ended;
  const open = await openQueue({ url: redis.url }, { purpose: 'look' });
  const [{ counts }] = (await readStatus(open)).campaigns;
  await open.close();
  const endedWorkers = started.filter(({ child }) => child.exitCode !== null || child.signalCode !== null).length;
  for (const { child, ended } of started) {
    const end = ended.catch(() => undefined);
    child.kill('SIGINT');
    await end;
  }
  await hearken(['run', ...scored, ...placesOf('undisturbed')]);
  const [found, expected] = await Promise.all(
    ['outage', 'undisturbed'].map((name) => scoresIn(join(folder, name, 'out'))),
  );
  const lost = Object.keys(expected).filter((name) => found[name] !== expected[name]).length + counts.failed;
  return { lost, ended: endedWorkers, resumed: Math.max(...resumed), outages: resumed.length, seconds };
}

/** Resolves when a job was taken from any queue since some time, in ms since 1970, or when nothing is left to take. */
async function taken(url, since, isOver) {
  const redis = new Redis(url, { maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  try {
    while (!isOver()) {
      const names = ['work', ...(await redis.hkeys('hearken:models'))];
      for (const name of names) {
        const events = await redis.xrevrange(`hearken:${name}:events`, '+', String(since), 'COUNT', 1000);
        if (events.some(([, fields]) => fields.join(' ').includes('event active'))) return;
      }
      await wait(50);
    }
  } finally {
    redis.disconnect();
  }
}

/** Scores of all results in a folder, by the file's name. */
async function scoresIn(folder) {
  const names = await readdir(folder, { recursive: true });
  const results = names.filter((name) => name.endsWith('.json'));
  const texts = await Promise.all(results.map((name) => readFile(join(folder, name), 'utf8')));
  return Object.fromEntries(texts.map((text, index) => [results[index], JSON.stringify(JSON.parse(text).scores)]));
}
