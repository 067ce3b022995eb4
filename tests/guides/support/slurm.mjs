// What the Slurm guide needs of `sbatch` and `scancel`, on one machine with room for two jobs of an array at a time. The first
// job of an array with `--requeue` is preempted as soon as it has written something, and queued again, as Slurm does it.
import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** Where submitted jobs are known. */
const state = join(process.env.GUIDE_PROJECT, 'slurm');
const atATime = 2;

const [command, ...words] = process.argv.slice(2);
if (command === 'sbatch') submit(words.find((word) => !word.startsWith('-')));
else if (command === 'scancel') await cancel(words);
else await runArray(words[0], Number(words[1]));

/** @param {string} script */
function submit(script) {
  mkdirSync(state, { recursive: true });
  // Slurm keeps the script as it is now.
  const id = 100_000 + Math.floor(Math.random() * 900_000);
  const own = join(state, `${id}.sh`);
  writeFileSync(own, readFileSync(script));
  const job = spawn(process.execPath, [fileURLToPath(import.meta.url), 'run', own, String(id)], {
    detached: true,
    stdio: 'ignore',
  });
  job.unref();
  writeFileSync(join(state, `${id}.json`), JSON.stringify({ name: settingsOf(own)['job-name'], process: job.pid }));
  console.log(`Submitted batch job ${id}`);
}

/** Ends jobs by `--name=NAME` or by their ids; the guide goes on when they have ended. */
async function cancel(wanted) {
  for (const file of readdirSync(state).filter((name) => name.endsWith('.json'))) {
    const { name, process: pid } = JSON.parse(readFileSync(join(state, file), 'utf8'));
    if (!wanted.includes(`--name=${name}`) && !wanted.includes(file.slice(0, -'.json'.length))) continue;
    try {
      for (process.kill(pid, 'SIGTERM'); ; process.kill(pid, 0)) await wait(50);
    } catch {
      // It has ended.
      rmSync(join(state, file));
    }
  }
}

/** What the lines `#SBATCH --name=value` of a script say. */
function settingsOf(script) {
  const lines = readFileSync(script, 'utf8').split('\n');
  const written = lines.filter((line) => line.startsWith('#SBATCH --')).map((line) => line.slice('#SBATCH --'.length));
  return Object.fromEntries(
    written.map((line) => {
      const [name, ...value] = line.split(/\s#/)[0].trim().split('=');
      return [name, value.join('=')];
    }),
  );
}

/** The jobs of a script: one, or those of its array. */
async function runArray(script, id) {
  const settings = settingsOf(script);
  const indices = settings.array === undefined ? [undefined] : arrayIndices(settings.array);
  const running = new Set();
  let isCancelled = false;
  process.on('SIGTERM', () => {
    isCancelled = true;
    for (const pid of running) process.kill(-pid, 'SIGTERM');
  });
  let next = 0;
  const lane = async () => {
    while (next < indices.length && !isCancelled) {
      const index = indices[next];
      next += 1;
      const isFirst = index === indices[0] && settings.array !== undefined && 'requeue' in settings;
      const preempted = await runJob({ script, id, index, settings, running, preempt: isFirst, restarts: 0 });
      if (preempted && !isCancelled) {
        await runJob({ script, id, index, settings, running, preempt: false, restarts: 1 });
      }
    }
  };
  await Promise.all(Array.from({ length: atATime }, lane));
}

/** @param {string} array such as `0-3`, `0-3%2`, or `1,5` */
function arrayIndices(array) {
  return array
    .split('%')[0]
    .split(',')
    .flatMap((part) => {
      const [first, last = first] = part.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, place) => first + place);
    });
}

/** Runs one job, and says whether it was preempted; its output goes where `--output` says. */
function runJob({ script, id, index, settings, running, preempt, restarts }) {
  const ofArray = { '%A': id, '%a': index, '%j': id + (index ?? 0) };
  const output = settings.output.replace(/%[Aaj]/g, (field) => String(ofArray[field]));
  mkdirSync(dirname(output), { recursive: true });
  const environment = {
    SLURM_JOB_ID: String(id + (index ?? 0)),
    ...(index === undefined ? {} : { SLURM_ARRAY_JOB_ID: String(id), SLURM_ARRAY_TASK_ID: String(index) }),
    SLURM_CPUS_PER_TASK: settings['cpus-per-task'] ?? '1',
    SLURM_RESTART_COUNT: String(restarts),
    SLURMD_NODENAME: 'localhost',
  };
  return new Promise((resolve) => {
    const job = spawn('bash', [script], { env: { ...process.env, ...environment }, detached: true });
    running.add(job.pid);
    let isPreempted = false;
    const write = (chunk) => {
      appendFileSync(output, chunk);
      if (!preempt || isPreempted) return;
      isPreempted = true;
      process.kill(-job.pid, 'SIGTERM');
    };
    job.stdout.on('data', write);
    job.stderr.on('data', write);
    job.on('close', () => {
      running.delete(job.pid);
      if (isPreempted) appendFileSync(output, `slurmstepd: error: *** JOB ${id} CANCELLED DUE TO PREEMPTION ***\n`);
      resolve(isPreempted);
    });
  });
}
