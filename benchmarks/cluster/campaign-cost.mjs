import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { publishedTensors } from '@hearken/plugin-efficientat';
import { makeMiniTasks } from '@hearken/tasks/node';
import { writeRandomWeights } from '../random-weights.mjs';
import { command } from './command.mjs';

const rounds = Number(process.env.HEARKEN_BENCH_ROUNDS ?? 3);

/** CPU seconds of a campaign, its child processes included: by `hearken run`, and by a queue with one worker; medians. */
export async function campaignCosts(redis, folder) {
  const tasks = join(folder, 'mini');
  await makeMiniTasks(tasks, { tasks: ['scenes', 'pitch', 'events'] });
  const checkpoint = join(folder, 'mn04_as.safetensors');
  await writeRandomWeights(checkpoint, publishedTensors('mn04_as'));
  const models = ['--model', 'efficientat:mn04_as', '--checkpoint', checkpoint];
  const scored = ['--tasks', tasks, '--grid-points', '3'];
  const costs = { run: [], queue: [] };
  for (let round = 0; round < 2 * rounds; round += 1) {
    const kind = round % 2 === 0 ? 'run' : 'queue';
    const places = ['--out', join(folder, kind), '--cache', join(folder, `${kind}-cache`)];
    if (kind === 'run') costs.run.push(await cpuSeconds(['run', ...models, ...scored, ...places]));
    else {
      await redis.flush();
      const queue = ['--queue', redis.url];
      const own = ['--tasks', tasks, '--models', folder, '--slots', String(availableParallelism()), '--until-idle'];
      const submitted = await cpuSeconds(['run', ...models, ...scored, ...places, ...queue, '--detach']);
      costs.queue.push(submitted + (await cpuSeconds(['worker', ...queue, ...own, ...places])));
    }
    for (const path of [kind, `${kind}-cache`]) rmSync(join(folder, path), { recursive: true, force: true });
  }
  const median = (values) => [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];
  return { run: median(costs.run), queue: median(costs.queue) };
}

/** User and system time of a command and all processes that it started and waited for. */
async function cpuSeconds(args) {
  const line = 'TIMEFORMAT="%U %S"; time "$@"';
  const child = spawn('bash', ['-c', line, 'bash', process.execPath, command, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  child.stderr.on('data', (chunk) => (text += chunk));
  const status = await new Promise((resolve) => child.once('exit', resolve));
  if (status !== 0) throw new Error(text);
  const [user, system] = text.trim().split('\n').pop().split(' ').map(Number);
  return user + system;
}
