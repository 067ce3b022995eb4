import type { Campaign } from '@hearken/campaigns';
import { HearkenError } from '@hearken/core';
import type { Task } from '@hearken/tasks';
import type { CommandContext } from './streams.js';

/** Optional, because most users need no queue. It depends on this package, so its types are not known here. */
const clusterPackage = '@hearken/cluster';

/** Where a queue is. */
export interface QueueAddress {
  readonly url: string;
  readonly passwordFile?: string;
}

/** How a model on a task ended. */
export interface RootOutcome {
  /** What the campaign calls the model. */
  readonly model: string;
  /** The task's id. */
  readonly task: string;
  readonly state: 'done' | 'failed' | 'removed';
  /** Paths of its result files. */
  readonly results: readonly string[];
  readonly failures: readonly QueueFailure[];
}

/** Why a model on a task, or one of its ways of scoring, has no result. */
export interface QueueFailure {
  /** The way of scoring; absent if there was none. */
  readonly evaluation?: string;
  readonly message: string;
  readonly parts?: {
    readonly asked: string;
    readonly found: string;
    readonly fix: string;
    readonly reason?: string;
  };
  readonly trainFraction?: number;
}

/** How far a campaign is in a queue. */
export interface QueueProgress {
  /** How many models on tasks are how far. */
  readonly counts: Readonly<Record<'done' | 'failed' | 'removed', number>>;
  readonly total: number;
  /** Those that have ended since the last time. */
  readonly ended: readonly RootOutcome[];
  /** The counts in words. */
  readonly text: string;
}

/** The part of the package that the command uses. */
export interface Cluster {
  readonly runOnQueue: (
    address: QueueAddress,
    campaign: Campaign,
    tasks: readonly Task[],
    options: {
      readonly out: string;
      readonly cache: string;
      readonly store?: string;
      readonly extensions?: readonly string[];
      readonly name?: string;
      readonly priority?: number;
      readonly detach?: boolean;
      readonly say: (line: string) => void;
      readonly onProgress?: (progress: QueueProgress) => void;
      readonly abortSignal?: AbortSignal;
    },
  ) => Promise<{ readonly id: string; readonly outcomes: RootOutcome[] | undefined }>;
  readonly runWorker: (options: {
    readonly address: QueueAddress;
    readonly tasks: readonly string[];
    readonly models: readonly string[];
    readonly out: string;
    readonly cache?: string;
    readonly store?: string;
    readonly slots: number;
    readonly threads?: number;
    readonly provider: 'cpu' | 'cuda';
    readonly plugins: readonly string[];
    readonly extensions: readonly string[];
    readonly untilIdle: boolean;
    readonly abortSignal?: AbortSignal;
    readonly say: (line: string) => void;
  }) => Promise<number>;
  readonly showStatus: (
    address: QueueAddress,
    options: { readonly watch?: boolean; readonly json?: boolean },
    streams: CommandContext,
  ) => Promise<void>;
  readonly showBoard: (
    address: QueueAddress,
    options: { readonly port?: number; readonly allowChanges?: boolean },
    streams: CommandContext,
  ) => Promise<void>;
  readonly cancelAndSay: (address: QueueAddress, campaign: string, streams: CommandContext) => Promise<void>;
}

/**
 * Loads the package for queues.
 *
 * @param name for tests
 * @throws HearkenError if it is not installed
 */
export async function loadCluster(name: string = clusterPackage): Promise<Cluster> {
  try {
    return (await import(name)) as Cluster;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const isMissing = code === 'ERR_MODULE_NOT_FOUND' && message.includes(`'${name}'`);
    throw new HearkenError({
      asked: 'a queue for several machines',
      found: isMissing ? `package ${name} is not installed` : `package ${name} cannot be loaded (${message})`,
      fix: `npm install ${name}`,
      cause,
    });
  }
}
