import { lineOf } from '@hearken/core/internal';
import type { Job, Queue, Worker } from 'bullmq';
import type { JobProgress } from '../child/messages.js';
import type { JobKind, JobScope } from '../jobs/job-data.js';
import type { HeldJobs } from './held-jobs.node.js';
import type { QueueStates } from './queue-states.node.js';

/** What all slots of a worker share. */
export interface SlotTools {
  readonly states: QueueStates;
  readonly held: HeldJobs;
  readonly queue: (name: string) => Queue;
  readonly worker: (name: string) => Worker;
  /** @throws HearkenError for a job that the worker does not do */
  readonly check: (scope: JobScope) => Promise<void>;
  /** Whether a campaign is cancelled now: it may have been submitted again a moment ago. */
  readonly isCancelled: (campaign: string) => Promise<boolean>;
  readonly clockAhead: () => number;
  /** How long a slot takes no job after one that the worker was not started for, in ms. */
  readonly refusedMilliseconds: number;
  /** The disk is full: no slot takes jobs until there is room. */
  readonly onFullDisk: (error: Error) => void;
  /** No job could be taken. */
  readonly onRefused: (error: unknown) => void;
  /** Whether no jobs may be taken. */
  readonly isPaused: () => boolean;
  /** Resolves when jobs may be taken. */
  readonly mayTake: () => Promise<void>;
  readonly say: (line: string) => void;
  readonly abortSignal: AbortSignal;
}

/** What a slot does at the moment. */
export interface SlotWork {
  readonly kind: JobKind;
  readonly scope: JobScope;
  readonly since: Date;
  /** How many clips the attempt before this one found. */
  readonly foundBefore: number;
  progress?: JobProgress;
}

/** Nothing that is said of a job is longer. */
const mostNameCharacters = 100;
const mostCharacters = 2000;

/** Says something of a job. Names of jobs, and what plugins say, may have any length. */
export function sayOf({ say }: Pick<SlotTools, 'say'>, { name, id }: Pick<Job, 'name' | 'id'>, text: string): void {
  say(`${lineOf(name, mostNameCharacters)} ${lineOf(id, mostNameCharacters)}: ${lineOf(text, mostCharacters)}`);
}

/** How far a job is, as the queue keeps it. */
export function plainProgress({ done, total, found }: JobProgress) {
  return { done, total, found };
}
