import { parseBoundedJson } from '@hearken/core/internal';
import type { Redis } from 'ioredis';
import { prefix, rootsKey, workQueue } from '../queue/names.js';
import { failureOf, failureText } from '../jobs/failure-text.js';
import { jobData, JobRefused } from '../jobs/job-data.js';
import { listPage, type StoredJob, storedJobs } from './bounded-reads.node.js';
import type { RootResult, RootStage } from './campaign-record.js';
import { parseRootData, parseRootProgress, parseRootResult } from './records.js';

/**
 * How far a model on a task is; `unreadable` if its job is none of Hearken's, so that the worker that takes it will refuse it;
 * `removed` if the queue no longer has it, because its campaign was cancelled. */
export type RootState =
  'waiting' | 'preparing' | 'embedding' | 'training' | 'scoring' | 'unreadable' | 'done' | 'failed' | 'removed';

/** All states, in the order in which a root job passes them. */
export const rootStates: readonly RootState[] = [
  ...(['waiting', 'preparing', 'embedding', 'training', 'scoring', 'unreadable', 'done', 'failed', 'removed'] as const),
];

/** How many root jobs are in which state. */
export type RootCounts = Record<RootState, number>;

/** Why a model on a task, or one of its ways of scoring, has no result. */
export interface RootFailure {
  /** The way of scoring; absent if none was scored. */
  readonly evaluation?: string;
  /** What went wrong. */
  readonly message: string;
  /** Its parts, if it was one of Hearken's errors. */
  readonly parts?: {
    /** What was asked for. */
    readonly asked: string;
    /** What was found instead. */
    readonly found: string;
    /** How to fix it. */
    readonly fix: string;
    /** What went wrong, for code to compare: `process-ended` if that was no fault of the input. */
    readonly reason?: string;
  };
  /** Share of the training clips, if not all of them. */
  readonly trainFraction?: number;
}

/** A model on a task, as the queue knows it. */
export interface RootView {
  /** Id of the job. */
  readonly id: string;
  /** What the campaign calls the model; `?` if the queue does not say. */
  readonly model: string;
  /** Id of the task; `?` if the queue does not say. */
  readonly task: string;
  readonly state: RootState;
  /** The jobs of its present stage. */
  readonly jobs: { readonly done: number; readonly total: number };
  /** Paths of its result files. */
  readonly results: readonly string[];
  readonly failures: readonly RootFailure[];
}

/** Small enough for the server to answer others in between. */
const pageSize = 500;

/** Root jobs beyond this number are not looked at. */
const mostRoots = 1_000_000;

/** The ids of a campaign's root jobs. */
export async function rootIds(redis: Redis, campaign: string): Promise<string[]> {
  const own = new RegExp(`^${campaign}\\.\\d{1,9}$`, 'u');
  const ids: string[] = [];
  for (let from = 0; from < mostRoots; from += pageSize) {
    const page = await listPage(redis, rootsKey(campaign), from, from + pageSize);
    ids.push(...page.filter((id) => own.test(id)));
    if (page.length < pageSize) break;
  }
  return [...new Set(ids)];
}

/** Root jobs by their ids, page by page. */
export async function* readRoots(redis: Redis, ids: readonly string[]): AsyncGenerator<RootView> {
  for (let from = 0; from < ids.length; from += pageSize) {
    const page = ids.slice(from, from + pageSize);
    const jobs = await storedJobs(redis, `${prefix}:${workQueue}:`, page);
    for (const [index, job] of jobs.entries()) yield rootView(page[index], job);
  }
}

/** No root jobs in any state. */
export function noRoots(): RootCounts {
  return {
    waiting: 0,
    preparing: 0,
    embedding: 0,
    training: 0,
    scoring: 0,
    unreadable: 0,
    done: 0,
    failed: 0,
    removed: 0,
  };
}

/** Whether nothing more happens with a root job. */
export function hasEnded(state: RootState): boolean {
  return state === 'done' || state === 'failed' || state === 'removed';
}

const stateOfStage: Readonly<Record<RootStage, RootState>> = {
  ...{ waiting: 'waiting', describe: 'preparing', manifest: 'preparing' },
  ...{ embed: 'embedding', train: 'training', score: 'scoring' },
};

function rootView(id: string, job: StoredJob): RootView {
  const progress = parseRootProgress(job.progress);
  const { model, task } = progress ?? parseRootData(job.data) ?? { model: '?', task: '?' };
  const unreadable = job.state === 'open' ? unreadableFailure(id, job.data) : undefined;
  const { results, failures } = unreadable === undefined ? outcomeOf(job) : { results: [], failures: [unreadable] };
  const state =
    unreadable === undefined ? (endOf(job, failures) ?? stateOfStage[progress?.stage ?? 'waiting']) : 'unreadable';
  return { id, model, task, state, jobs: jobsOf(job, progress), results, failures };
}

/** Why no worker can do a root job; undefined if it can. */
function unreadableFailure(id: string, data: string): RootFailure | undefined {
  // It is not there any more, or so long that only workers read it.
  if (data === '') return undefined;
  try {
    jobData('root', parseBoundedJson(data));
    return undefined;
  } catch (error) {
    const found =
      error instanceof JobRefused ? `data that is none of Hearken's (${error.found})` : 'data that is not JSON';
    const fix =
      'the next worker removes it from the waiting jobs; then give the queue the campaign again, and see which other ' +
      'program writes into the queue';
    return failureOf(failureText(new JobRefused(`job ${id}`, found, fix)));
  }
}

function endOf({ state }: StoredJob, failures: readonly RootFailure[]): RootState | undefined {
  if (state === 'open') return undefined;
  if (state === 'removed') return 'removed';
  return failures.length > 0 ? 'failed' : 'done';
}

function outcomeOf({ state, returned, reason }: StoredJob): {
  readonly results: readonly string[];
  readonly failures: readonly RootFailure[];
} {
  if (state === 'failed') return { results: [], failures: [failureOf(reason)] };
  if (state !== 'completed') return { results: [], failures: [] };
  const result: RootResult | undefined = parseRootResult(returned);
  if (result === undefined) {
    return { results: [], failures: [{ message: 'what its last job returned is not an outcome' }] };
  }
  return { results: result.results, failures: result.failed };
}

/** The queue knows of jobs that have ended since the root job was last at work. */
function jobsOf({ state, children }: StoredJob, progress: ReturnType<typeof parseRootProgress>): RootView['jobs'] {
  if (state !== 'open' || progress === undefined) return { done: 0, total: 0 };
  const { done, total } = progress;
  const ended = children > 0 && children <= total ? total - children : done;
  return { done: Math.min(total, Math.max(done, ended)), total };
}
