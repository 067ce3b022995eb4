import type { HearkenError, Plugin, Provenance, Registry, RuntimeOptions } from '@hearken/core';
import type { Extensions } from '../extensions/extensions.js';
import type { GeneralizationRequest } from '@hearken/tasks/node';
import type { Task } from '@hearken/tasks';
import type { Evaluation, Result } from '@hearken/results';
import type { EvaluationOptions, EvaluationProgress } from '../evaluation/evaluation.js';
import type { EvaluationInput } from '../evaluation/evaluation-input.js';
import type { EmbedProgress } from './embed-task.node.js';
import type { EvaluationIdentity } from '@hearken/results/node';

/** Scores embeddings; `evaluateTask` unless a caller brings its own. */
export type Evaluate = (input: EvaluationInput, options: EvaluationOptions) => Promise<Evaluation>;

/** heareval's evaluation, and the one whose result file has the plain name. */
export const defaultEvaluation: EvaluationIdentity = { probe: 'mlp', grid: 'default', gridPoints: 8, seed: 0 };

/** One model on some tasks, and custom metrics and probes. */
export interface BenchmarkOptions extends Extensions {
  /** `plugin:model`, or the plugin alone for its first model. */
  readonly model: string;
  /** The model's weights, a file or folder; default: as `pullModel` got them. */
  readonly checkpoint?: string;
  /** Further options of the plugin's `loadModel`. */
  readonly modelOptions?: Readonly<Record<string, unknown>>;
  /** How the model computes. */
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
  /** Leave out clips that cannot be read, a quarter of a split at most, and list them in the result; default: one ends its task. */
  readonly skipUnreadable?: boolean;
  /** Which of the tasks to score; default: all. */
  readonly accepts?: (task: Task) => boolean;
  /** Compute everything again, also what is finished or cached. */
  readonly force?: boolean;
  /** Finds plugins; default: those of Hearken and those that are installed. */
  readonly registry?: Registry;
  /** Scores embeddings; default: `evaluateTask`. */
  readonly evaluate?: Evaluate;
  /** Ends the run; what is finished stays, and the next run goes on from there. */
  readonly abortSignal?: AbortSignal;
  /** Called with what happens, as it happens. */
  readonly onEvent?: (event: BenchmarkEvent) => void;
}

/** What happens in a run, as it happens. */
export type BenchmarkEvent =
  | {
      /** The model is loaded. */
      readonly kind: 'model';
      /** What it is called: `plugin:model`, or the name and hash of another checkpoint. */
      readonly model: string;
      /** The plugin that the model is of. */
      readonly plugin: Plugin;
      /** Where its embeddings come from. */
      readonly provenance: Provenance;
    }
  | {
      /** A task begins. */
      readonly kind: 'task';
      /** The task's id. */
      readonly task: string;
      /** Which task of the run, from 0. */
      readonly index: number;
      /** Tasks of the run. */
      readonly total: number;
    }
  | ({
      /** Clips were embedded. */
      readonly kind: 'embed';
      /** The task's id. */
      readonly task: string;
    } & EmbedProgress)
  | ({
      /** A probe was trained further. */
      readonly kind: 'probe';
      /** The task's id. */
      readonly task: string;
    } & EvaluationProgress)
  | {
      /** Something to know that is no part of the result. */
      readonly kind: 'note';
      /** The task's id. */
      readonly task: string;
      /** A sentence for the user. */
      readonly message: string;
    }
  | {
      /** A task ended. */
      readonly kind: 'outcome';
      /** How a task ended. */
      readonly outcome: TaskOutcome;
    };

/** How a task ended. */
export type TaskOutcome = FinishedTask | FailedTask;

/** A task that has a result. */
export interface FinishedTask {
  /** The task's id. */
  readonly task: string;
  /** What the model is called. */
  readonly model: string;
  /** What the result file says. */
  readonly result: Result;
  /** Its file. */
  readonly path: string;
  /** Whether it was finished before this run began. */
  readonly reused: boolean;
}

/** A task without a result, and why. */
export interface FailedTask {
  /** The task's id, or the path that has none. */
  readonly task: string;
  /** What the model is called. */
  readonly model: string;
  /** Share of the training clips, where that is not all of them. */
  readonly trainFraction?: number;
  /** What was thrown. */
  readonly error: Error | HearkenError;
}

/** Whether a task ended without a result. */
export function hasFailed(outcome: TaskOutcome): outcome is FailedTask {
  return 'error' in outcome;
}
