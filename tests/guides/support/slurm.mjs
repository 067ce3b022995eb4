// What the cluster guide needs of Slurm's `sbatch`, on one machine: the jobs of an array one after the other. The first one
// is preempted as soon as it has written something, and queued again, as Slurm does it with `--requeue`.
import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

const jobId = 4711;
const words = process.argv.slice(2);
const script = words.find((word) => !word.startsWith('-'));
const lines = readFileSync(script, 'utf8').split('\n');
const settings = Object.fromEntries(
  [...lines.filter((line) => line.startsWith('#SBATCH ')).map((line) => line.slice(8).split(/\s#/)[0].trim()), ...words]
    .filter((word) => word.startsWith('--'))
    .map((word) => [word.slice(2).split('=')[0], word.split('=').slice(1).join('=')]),
);

console.log(`Submitted batch job ${jobId}`);
let mayPreempt = 'requeue' in settings;
for (const index of arrayIndices(settings.array ?? '0')) {
  if ((await runJob(index, 0, mayPreempt)) === 'preempted') await runJob(index, 1, false);
  mayPreempt = false;
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

/** Runs one job of the array; its output goes where `--output` says. */
function runJob(index, restarts, preempt) {
  const output = settings.output.replaceAll('%A', String(jobId)).replaceAll('%a', String(index));
  mkdirSync(dirname(output), { recursive: true });
  const environment = {
    SLURM_JOB_ID: String(jobId + index),
    SLURM_ARRAY_JOB_ID: String(jobId),
    SLURM_ARRAY_TASK_ID: String(index),
    SLURM_CPUS_PER_TASK: settings['cpus-per-task'] ?? '1',
    SLURM_RESTART_COUNT: String(restarts),
  };
  return new Promise((resolve) => {
    const job = spawn('bash', [script], { env: { ...process.env, ...environment }, detached: true });
    let isPreempted = false;
    const write = (chunk) => {
      appendFileSync(output, chunk);
      if (!preempt || isPreempted) return;
      isPreempted = true;
      process.kill(-job.pid, 'SIGTERM');
    };
    job.stdout.on('data', write);
    job.stderr.on('data', write);
    job.on('close', (status, signal) => {
      if (isPreempted) appendFileSync(output, `slurmstepd: error: *** JOB ${jobId} CANCELLED DUE TO PREEMPTION ***\n`);
      else if (status !== 0) process.exitCode = 1;
      resolve(isPreempted ? 'preempted' : (signal ?? status));
    });
  });
}
