import type { JobRunner } from '../child/child-process.node.js';
import type { ChildSettings } from '../child/messages.js';
import type { QueueAddress } from '../queue/connect.node.js';

/** How to run a worker. */
export interface WorkerOptions {
  /** The queue. */
  readonly address: QueueAddress;
  /** Folders of tasks that it may read. */
  readonly tasks: readonly string[];
  /** Folders of checkpoints that it may load. */
  readonly models: readonly string[];
  /** Folder of the results, the same for all workers. */
  readonly out: string;
  /** Root of the cache, the same for all workers unless they share a store; default: the user's. */
  readonly cache?: string;
  /** Where embeddings and trainings are kept, such as `s3://bucket/prefix`; default: in the cache. */
  readonly store?: string;
  /** How many jobs to do at once, each in a process of its own. */
  readonly slots: number;
  /** Threads that each job may use; default: the processors of the machine divided among the slots. */
  readonly threads?: number;
  /** Jobs for models on a GPU, or those on the CPU. */
  readonly provider: 'cpu' | 'cuda';
  /** Plugins that it may load. */
  readonly plugins: readonly string[];
  /** Modules with custom metrics and probes. */
  readonly extensions: readonly string[];
  /** End when nothing is left to do. */
  readonly untilIdle: boolean;
  /** Ends the worker: jobs at hand go back to the queue. */
  readonly abortSignal?: AbortSignal;
  /** Called with what the user should know. */
  readonly say: (line: string) => void;
}

/** What tests and benchmarks replace. */
export interface WorkerParts {
  /** How long a job belongs to a worker that says nothing, in ms. */
  readonly lockDuration?: number;
  /** How long a slot takes no job after one that the worker was not started for, in ms. */
  readonly refusedMilliseconds?: number;
  /** Makes what does the jobs of a slot; default: a child process. */
  readonly makeRunner?: (settings: ChildSettings) => JobRunner;
}
