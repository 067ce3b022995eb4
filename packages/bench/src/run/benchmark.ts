import type { HearkenError, Plugin, Provenance, Registry, RuntimeOptions } from '@hearken/core';
import type { GeneralizationRequest } from '../subsets/generalization.js';
import type { Task } from '../tasks/task.js';
import type { Evaluation, EvaluationInput, EvaluationOptions, EvaluationProgress } from '../evaluation/evaluation.js';
import type { EmbedProgress } from './embed-task.node.js';
import type { EvaluationIdentity } from './identity.node.js';
import type { Result } from './result.js';

/** Scores embeddings; `evaluateTask` unless a caller brings its own. */
export type Evaluate = (input: EvaluationInput, options: EvaluationOptions) => Promise<Evaluation>;

/** heareval's evaluation, and the one whose result file has the plain name. */
export const defaultEvaluation: EvaluationIdentity = { probe: 'mlp', grid: 'default', gridPoints: 8, seed: 0 };

/** One model on some tasks. */
export interface BenchmarkOptions {
  /** `plugin:model`, or the plugin alone for its first model. */
  readonly model: string;
  readonly checkpoint?: string;
  /** Further options of the plugin's `loadModel`. */
  readonly modelOptions?: Readonly<Record<string, unknown>>;
  readonly runtime?: RuntimeOptions;
  /** Task folders, folders of such, and archives. */
  readonly tasks: readonly string[];
  /** Folder of the results. */
  readonly out: string;
  /** Root of the cache; default: the user's, see `cacheFolders`. */
  readonly cache?: string;
  /** Default: {@link defaultEvaluation}. */
  readonly evaluation?: EvaluationIdentity;
  /** Shares of the training clips, each of which gives a result of its own; default: all clips. */
  readonly trainFractions?: readonly number[];
  /** Train on some values of a column of `clips.csv`, and test on others. */
  readonly generalization?: GeneralizationRequest;
  /** Which of the tasks to score; default: all. */
  readonly accepts?: (task: Task) => boolean;
  /** Compute everything again, also what is finished or cached. */
  readonly force?: boolean;
  readonly registry?: Registry;
  readonly evaluate?: Evaluate;
  readonly abortSignal?: AbortSignal;
  readonly onEvent?: (event: BenchmarkEvent) => void;
}

/** What happens in a run, as it happens. */
export type BenchmarkEvent =
  | { readonly kind: 'model'; readonly model: string; readonly plugin: Plugin; readonly provenance: Provenance }
  | { readonly kind: 'task'; readonly task: string; readonly index: number; readonly total: number }
  | ({ readonly kind: 'embed'; readonly task: string } & EmbedProgress)
  | ({ readonly kind: 'probe'; readonly task: string } & EvaluationProgress)
  /** Something to know that is no part of the result. */
  | { readonly kind: 'note'; readonly task: string; readonly message: string }
  | { readonly kind: 'outcome'; readonly outcome: TaskOutcome };

/** How a task ended. */
export type TaskOutcome = FinishedTask | FailedTask;

export interface FinishedTask {
  readonly task: string;
  readonly model: string;
  readonly result: Result;
  /** Its file. */
  readonly path: string;
  /** Whether it was finished before this run began. */
  readonly reused: boolean;
}

export interface FailedTask {
  /** The task's id, or the path that has none. */
  readonly task: string;
  readonly model: string;
  /** Share of the training clips, where that is not all of them. */
  readonly trainFraction?: number;
  readonly error: Error | HearkenError;
}

export function hasFailed(outcome: TaskOutcome): outcome is FailedTask {
  return 'error' in outcome;
}
