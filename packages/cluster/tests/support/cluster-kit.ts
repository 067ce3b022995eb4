import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Campaign } from '@hearken/campaigns';
import type { Task } from '@hearken/tasks';
import { openTask } from '@hearken/tasks/node';
import type { Job } from 'bullmq';
import { afterEach } from 'vitest';
import { fakePlugin } from '../../../../tests/support/fake-run.js';
import { type RedisServer, redisServers } from '../../../../tests/support/redis-server.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { type ToneTaskOptions, writeToneTask } from '../../../../tests/support/tone-task.js';
import { cacheId, openQueue, type OpenQueue, submitCampaign, type WorkerOptions } from '../../src/index.js';
import { runWorkerWith } from '../../src/worker/run-worker.node.js';
import type { WorkerParts } from '../../src/worker/worker-options.js';
import { workQueue } from '../../src/queue/names.js';
import { Queues } from '../../src/queue/queues.node.js';
import { childRunner } from './child-runner.js';

const workerProgram = fileURLToPath(new URL('worker-process.mjs', import.meta.url));

/** A queue, a campaign of two models on two tasks, and places for workers. */
export interface ClusterKit {
  readonly folder: string;
  readonly server: RedisServer;
  readonly campaign: Campaign;
  readonly tasks: readonly Task[];
  readonly out: string;
  readonly cache: string;
  /** Options of a worker; `say` collects what it says in `said`. */
  readonly worker: (more?: Partial<WorkerOptions>) => WorkerOptions;
  readonly said: readonly string[];
  readonly open: () => Promise<OpenQueue>;
  readonly submit: (more?: Partial<Campaign>) => ReturnType<typeof submitCampaign>;
  /** Runs workers in this process until nothing is left. */
  readonly work: (count?: number, more?: Partial<WorkerOptions>) => Promise<void>;
  /** Starts a worker in a process of its own. */
  readonly start: (more?: Partial<WorkerOptions> & WorkerParts, environment?: NodeJS.ProcessEnv) => ChildProcess;
  /** The campaign's root jobs, when all of them have ended. */
  readonly ended: (id: string) => Promise<Job[]>;
}

const loud = { name: 'loud', model: fakePlugin, options: { scale: 2 } };
const mlp = { name: 'mlp', probe: 'mlp', grid: 'faster', gridPoints: 2, seed: 0, seeds: 1 } as const;

/** What differs from the usual campaign. */
export interface KitOptions extends ToneTaskOptions {
  /** One model, scored in one way. */
  readonly isSmall?: boolean;
}

/** A function that makes them; what was started ends after each test. */
export function clusterKits(): (options?: KitOptions) => Promise<ClusterKit> {
  const servers = redisServers();
  const folders = temporaryFolders();
  const ends: (() => Promise<unknown> | undefined)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });
  return async ({ isSmall = false, ...options } = {}) => {
    const folder = await folders();
    const server = await servers();
    const paths = [
      await writeToneTask(join(folder, 'tasks', 'one'), { name: 'one', ...options }),
      await writeToneTask(join(folder, 'tasks', 'two'), { name: 'two', event: true, clips: 4, ...options }),
    ];
    const tasks = await Promise.all(paths.map((path) => openTask(path)));
    const [out, cache] = [join(folder, 'results'), join(folder, 'cache')];
    const campaign: Campaign = {
      models: [{ name: 'small', model: fakePlugin }, ...(isSmall ? [] : [loud])],
      tasks: paths,
      evaluations: [
        { name: 'linear', probe: 'linear', grid: 'faster', gridPoints: 2, seed: 0, seeds: 2 },
        ...(isSmall ? [] : [mlp]),
      ],
    };
    const said: string[] = [];
    const address = { url: server.url, password: server.password };
    const worker = (more: Partial<WorkerOptions> = {}): WorkerOptions => ({
      ...{ address, tasks: [join(folder, 'tasks')], models: [folder], out, cache, slots: 1, provider: 'cpu' },
      ...{ plugins: [fakePlugin], extensions: [], untilIdle: false },
      say: (line) => said.push(line),
      ...more,
    });
    const open = async () => {
      const queue = await openQueue(address, { purpose: 'submit', cacheId: await cacheId(cache) });
      ends.push(() => queue.close());
      return queue;
    };
    const start = (more: Partial<WorkerOptions> & WorkerParts = {}, environment: NodeJS.ProcessEnv = {}) => {
      const { say: _, ...plain } = worker(more);
      const args = [workerProgram, JSON.stringify(plain)];
      const child = spawn(process.execPath, args, { stdio: 'inherit', env: { ...process.env, ...environment } });
      ends.push(() => stopped(child));
      return child;
    };
    return {
      ...{ folder, server, campaign, tasks, out, cache, worker, said, open, start },
      submit: async (more = {}) => submitCampaign(await open(), { ...campaign, ...more }, tasks, { out, cache }),
      work: async (count = 1, more = {}) => {
        const parts = { makeRunner: childRunner };
        const options = worker({ untilIdle: true, ...more });
        await Promise.all(Array.from({ length: count }, () => runWorkerWith(options, parts)));
      },
      ended: async (id) => {
        const queues = new Queues((await open()).redis);
        const queue = queues.queue(workQueue);
        for (;;) {
          const jobs = await rootJobs(queue, id);
          if (jobs.length > 0 && jobs.every(({ finishedOn }) => finishedOn !== undefined)) return jobs;
          await wait(50);
        }
      },
    };
  };
}

async function rootJobs(queue: ReturnType<Queues['queue']>, id: string): Promise<Job[]> {
  const jobs: Job[] = [];
  for (let index = 0; ; index += 1) {
    const job = (await queue.getJob(`${id}.${index}`)) as Job | undefined;
    if (job === undefined) return jobs;
    jobs.push(job);
  }
}

/** Ends a process, if it has not ended. */
export async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exited;
}

/** What differs between two computations of the same numbers: times, and where they were computed. */
const ofTheRun = [
  'seconds',
  'startedAt',
  'finishedAt',
  'peakMemoryBytes',
  'cachedClips',
  'machine',
  'execution',
  'backend',
];

/** Everything in a folder of results, except for times and machines. */
export async function contentOf(out: string): Promise<Record<string, string>> {
  const content: Record<string, string> = {};
  for (const entry of await readdir(out, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    const value: unknown = entry.name.endsWith('.json') ? JSON.parse(bytes.toString()) : bytes.toString('base64');
    const name = path.slice(out.length);
    content[name] = JSON.stringify(value, (key, part: unknown) => (ofTheRun.includes(key) ? undefined : part));
  }
  return content;
}
