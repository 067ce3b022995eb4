import type { Redis } from 'ioredis';
import { shown } from '@hearken/core/internal';
import type { OpenQueue } from '../queue/connect.node.js';
import { cancelledKey, modelsKey, prefix, workerKey, workQueue } from '../queue/names.js';
import { hashEntries, valuesUnder } from './bounded-reads.node.js';
import type { CampaignRecord, WorkerRecord } from './campaign-record.js';
import { readCampaigns } from './find-campaign.node.js';
import { noRoots, readRoots, type RootCounts, type RootFailure, rootIds } from './read-roots.node.js';
import { isModelQueue, parseModelOfQueue, parseWorkerRecord } from './records.js';

/** What a queue is doing. */
export interface ClusterStatus {
  /** Its URL, without the password. */
  readonly queue: string;
  /** What its users should know about the server. */
  readonly notes: readonly string[];
  /** First those with work left, then the others; each newest first. */
  readonly campaigns: readonly CampaignStatus[];
  /** How many older campaigns are not among them. */
  readonly older: number;
  /** Sorted by machine. */
  readonly workers: readonly WorkerRecord[];
  /** First the one for work without a model. */
  readonly queues: readonly QueueStatus[];
  /** Entries of the queue that Hearken has not written, or a version of it that this one cannot read. */
  readonly strange: readonly string[];
}

/** A campaign, and how far it is. */
export interface CampaignStatus extends CampaignRecord {
  /**
   * `waiting`: nothing has begun; `cancelled`: some of it was removed, or will be at once; `ended`: nothing is left to
   * do.
   */
  readonly state: 'waiting' | 'running' | 'cancelled' | 'ended';
  /** How many models on tasks are how far. */
  readonly counts: RootCounts;
  /** The jobs of the stages in which the campaign's models on tasks are now. */
  readonly jobs: {
    /** How many have ended. */
    readonly done: number;
    /** How many there are. */
    readonly total: number;
  };
  /** The first failures. */
  readonly failures: readonly CampaignFailure[];
  /** How many further ones there are. */
  readonly moreFailures: number;
}

/** A failure, and of what. */
export interface CampaignFailure extends RootFailure {
  /** What the campaign calls the model. */
  readonly model: string;
  /** Id of the task. */
  readonly task: string;
}

/** A queue of BullMQ. */
export interface QueueStatus {
  /** Its name. */
  readonly name: string;
  /** The model whose jobs it has; absent for work without a model. */
  readonly model?: string;
  /** Where they are computed. */
  readonly provider?: 'cpu' | 'cuda';
  /** Jobs that a worker can take. */
  readonly waiting: number;
  /** Jobs that a worker has. */
  readonly running: number;
  /** Jobs that are tried again in a moment. */
  readonly delayed: number;
  /** Jobs that go on when others are done. */
  readonly parents: number;
  /** Whether somebody has paused it: workers get nothing from it. */
  readonly paused: boolean;
}

/** Older campaigns are only counted. */
const mostCampaigns = 100;
const mostFailures = 10;
const mostQueues = 10_000;
const mostWorkers = 10_000;
const mostStrange = 10;

/** Reads what a queue is doing. It changes while it is read, so that numbers may differ by what has happened since. */
export async function readStatus({ redis, shown: queue, notes }: OpenQueue): Promise<ClusterStatus> {
  const strange: string[] = [];
  const { campaigns, strange: strangeCampaigns } = await readCampaigns(redis);
  if (strangeCampaigns > 0) strange.push(`${strangeCampaigns} under campaigns`);
  const read: CampaignStatus[] = [];
  for (const campaign of campaigns.slice(0, mostCampaigns)) read.push(await campaignStatus(redis, campaign));
  const hasWork = ({ state }: CampaignStatus) => state === 'running' || state === 'waiting';
  return {
    queue,
    notes,
    campaigns: [...read.filter(hasWork), ...read.filter((one) => !hasWork(one))],
    older: campaigns.length - read.length,
    workers: await readWorkers(redis, strange),
    queues: await readQueues(redis, strange),
    strange: strange.slice(0, mostStrange),
  };
}

async function campaignStatus(redis: Redis, campaign: CampaignRecord): Promise<CampaignStatus> {
  const counts = noRoots();
  const jobs = { done: 0, total: 0 };
  const failures: CampaignFailure[] = [];
  let failed = 0;
  for await (const root of readRoots(redis, await rootIds(redis, campaign.id))) {
    const { model, task, state } = root;
    counts[state] += 1;
    jobs.done += root.jobs.done;
    jobs.total += root.jobs.total;
    failed += root.failures.length;
    const room = root.failures.slice(0, mostFailures - failures.length);
    failures.push(...room.map((failure) => ({ model, task, ...failure })));
  }
  const isCancelled = (await redis.sismember(cancelledKey, campaign.id)) === 1;
  const state = stateOf(campaign, counts, isCancelled);
  return { ...campaign, state, counts, jobs, failures, moreFailures: failed - failures.length };
}

function stateOf({ roots }: CampaignRecord, counts: RootCounts, isCancelled: boolean): CampaignStatus['state'] {
  const ended = counts.done + counts.failed + counts.removed;
  const begun = counts.preparing + counts.embedding + counts.training + counts.scoring + counts.unreadable;
  // While a campaign is being submitted, not all of its jobs are there.
  const isEnded = ended >= roots && begun + counts.waiting === 0;
  if (isCancelled && (!isEnded || counts.removed > 0)) return 'cancelled';
  if (isEnded) return 'ended';
  return ended + begun > 0 ? 'running' : 'waiting';
}

async function readWorkers(redis: Redis, strange: string[]): Promise<WorkerRecord[]> {
  const workers: WorkerRecord[] = [];
  for await (const [id, written] of valuesUnder(redis, workerKey(''))) {
    const record = parseWorkerRecord(written);
    if (record?.id === id) workers.push(record);
    else strange.push(`worker ${shown(id)}`);
    if (workers.length + strange.length >= mostWorkers) break;
  }
  const place = ({ host, process }: WorkerRecord) => `${host} ${String(process).padStart(10, '0')}`;
  return workers.sort((one, other) => (place(one) < place(other) ? -1 : 1));
}

async function readQueues(redis: Redis, strange: string[]): Promise<QueueStatus[]> {
  const models = new Map<string, { readonly model: string; readonly provider: 'cpu' | 'cuda' }>();
  for await (const [name, written] of hashEntries(redis, modelsKey)) {
    const of = parseModelOfQueue(written);
    if (of !== undefined && isModelQueue(name)) models.set(name, of);
    else strange.push(`model queue ${shown(name)}`);
    if (models.size + strange.length >= mostQueues) break;
  }
  const queues: QueueStatus[] = [{ name: workQueue, ...(await queueCounts(redis, workQueue)) }];
  for (const [name, of] of models) queues.push({ name, ...of, ...(await queueCounts(redis, name)) });
  return queues;
}

/** By BullMQ's keys, because an object of its for each queue would open connections and write to it. */
async function queueCounts(redis: Redis, name: string): Promise<Omit<QueueStatus, 'name' | 'model' | 'provider'>> {
  const key = (state: string) => `${prefix}:${name}:${state}`;
  const [wait, prioritized, running, delayed, parents, paused] = await Promise.all([
    redis.llen(key('wait')),
    redis.zcard(key('prioritized')),
    redis.llen(key('active')),
    redis.zcard(key('delayed')),
    redis.zcard(key('waiting-children')),
    redis.hexists(key('meta'), 'paused'),
  ]);
  return { waiting: wait + prioritized, running, delayed, parents, paused: paused === 1 };
}
