import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openQueue, readStatus } from '@hearken/cluster';
import { makeMiniTasks } from '@hearken/tasks/node';
import { hearken } from './command.mjs';

/**
 * For how long a worker's event loop is blocked at most, in ms, while its child processes are blocked by trainings of a
 * logistic regression; and how long the longest of these took, in seconds.
 */
export async function eventLoopDelay(redis, folder) {
  const tasks = join(folder, 'loop-tasks');
  const own = join(folder, 'loop');
  await makeMiniTasks(tasks, { tasks: ['events'] });
  const places = ['--out', join(own, 'out'), '--cache', join(own, 'cache')];
  const scored = ['--model', 'baseline:mel', '--tasks', tasks, '--probe', 'logreg', '--grid-points', '1'];
  await hearken(['run', ...scored, ...places, '--queue', redis.url, '--detach']);
  const program = new URL('./watched-worker.mjs', import.meta.url);
  const worker = fork(program, [redis.url, tasks, own, String(availableParallelism())]);
  const queue = await openQueue({ url: redis.url }, { purpose: 'look' });
  let longest = 0;
  for (;;) {
    const { campaigns, workers } = await readStatus(queue);
    for (const { kind, since } of workers.flatMap(({ running }) => running)) {
      if (kind !== 'train') continue;
      if (longest === 0) worker.send('watch');
      longest = Math.max(longest, (Date.now() - Date.parse(since)) / 1000, 1e-3);
    }
    if (campaigns[0].state === 'ended') break;
    await wait(500);
  }
  await queue.close();
  const said = new Promise((resolve) => worker.once('message', resolve));
  const ended = new Promise((resolve) => worker.once('exit', resolve));
  worker.send('stop');
  const { milliseconds } = await said;
  await ended;
  return { milliseconds, longest };
}
