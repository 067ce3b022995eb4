import type { ErrorMessage } from '@hearken/core/remote';
import type { JobData, JobKind, JobScope } from '../jobs/job-data.js';

/** What a child process needs to know before its first job. */
export interface ChildSettings {
  /** Root of the cache. */
  readonly cache: string;
  /** Where embeddings and trainings are kept; default: in the cache. */
  readonly store?: string;
  /** Threads that a job may use. */
  readonly threads: number;
  /** Modules with custom metrics and probes. */
  readonly extensions: readonly string[];
}

/** From the worker to a child process. */
export type ToChild =
  | { readonly kind: 'settings'; readonly settings: ChildSettings }
  | { readonly kind: 'job'; readonly job: AnyJob }
  | { readonly kind: 'stop' };

/** A job, checked. */
export interface ChildJob<Kind extends JobKind = JobKind> {
  readonly kind: Kind;
  readonly data: JobData<Kind>;
  /** Whether it was tried before: then clips are embedded one by one, so that it is known which one ends the process. */
  readonly isRetry: boolean;
}

/**
 * Models of a campaign that are light, read the same clips as a root's model and whose roots have not ended, in the order
 * of the campaign. The first of them that lacks embeddings has its jobs compute those of all, so that each clip is read
 * once.
 */
export interface Mates {
  /** Those before the root's model. */
  readonly before: readonly JobScope['model'][];
  /** Those after it. */
  readonly after: readonly JobScope['model'][];
}

/** A root to plan. */
export interface ChildRoot extends ChildJob<'root'> {
  readonly mates?: Mates;
}

/** A job of any kind. */
export type AnyJob = { readonly [Kind in JobKind]: Kind extends 'root' ? ChildRoot : ChildJob<Kind> }[JobKind];

/** From a child process to the worker. */
export type FromChild =
  | { readonly kind: 'ready' }
  /** A clip is about to be read. */
  | { readonly kind: 'reading'; readonly clip: string }
  /** So many clips, in the order in which they were read, have embeddings. */
  | { readonly kind: 'computed'; readonly clips: number }
  | ({ readonly kind: 'progress' } & JobProgress)
  | { readonly kind: 'done'; readonly value: ChildAnswer; readonly loads: number }
  | { readonly kind: 'failed'; readonly error: ErrorMessage; readonly loads: number };

/** How far a job is: clips of an embedding job. */
export interface JobProgress {
  readonly done: number;
  readonly total: number;
  /** How many of the done ones were done before: by an earlier attempt, or by somebody else. */
  readonly found: number;
}

/** What is known of a model in the queue. */
export interface ModelSummary {
  /** In Hz. */
  readonly sampleRate: number;
  readonly channels: number;
  /** Whether reading a clip takes so long compared to embedding it that several models should share what is read. */
  readonly isLight: boolean;
}

/** What a job answers: a root its plan, `describe` what it found out; others have nothing to say. */
export type ChildAnswer = RootPlan | ModelSummary | null;

/** What a root needs next. */
export type RootPlan =
  | {
      readonly step: 'embed';
      readonly contentHash: string;
      /** How many shards are missing, more than the jobs have if there are very many. */
      readonly missing: number;
      readonly jobs: readonly ChildShards[];
      /** The models whose embeddings are computed with the root's own. */
      readonly together: readonly JobScope['model'][];
    }
  /** Another root has the embeddings computed. */
  | { readonly step: 'wait'; readonly contentHash: string }
  | {
      readonly step: 'probe';
      readonly contentHash: string;
      readonly trainings: readonly {
        readonly way: number;
        readonly part: JobData<'train'>['part'];
      }[];
      /** Ways of scoring whose results only have to be written. */
      readonly scores: readonly number[];
    }
  | { readonly step: 'end'; readonly results: readonly string[] };

type ChildShards = JobData<'embed'>['shards'];
