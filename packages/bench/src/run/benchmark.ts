import type { Artifacts } from '@hearken/artifacts';
import type { HearkenError, Plugin, Provenance, Registry, RuntimeOptions } from '@hearken/core';
import type { Extensions } from '../extensions/extensions.js';
import type { GeneralizationRequest } from '@hearken/tasks/node';
import type { Task } from '@hearken/tasks';
import type { Evaluation, Result } from '@hearken/results';
import type { EvaluationOptions, EvaluationProgress, EvaluationInput } from '../evaluation/evaluation.js';
import type { EmbedProgress } from './embed-task.node.js';
import type { HeadRequest } from './head-answers.js';
import type { UpdateProgress } from '@hearken/train';
import type { EvaluationIdentity } from '@hearken/results/node';

/** Scores embeddings; `evaluateTask` unless the caller passes another function. */
export type Evaluate = (input: EvaluationInput, options: EvaluationOptions) => Promise<Evaluation>;

/** heareval's evaluation, whose result file has the plain name. */
export const defaultEvaluation: EvaluationIdentity = { probe: 'mlp', grid: 'default', gridPoints: 8, seed: 0 };

/** One model on some tasks, with custom metrics and probes. */
export interface BenchmarkOptions extends Extensions {
  /** `plugin:model`, or only the plugin for its first model. */
  readonly model: string;
  /** The model's weights, a file or folder; default: those downloaded by `pullModel`. */
  readonly checkpoint?: string;
  /** Further options for the plugin's `loadModel`. */
  readonly modelOptions?: Readonly<Record<string, unknown>>;
  /** How to run the model. */
  readonly runtime?: RuntimeOptions;
  /** Task folders, archives, and folders that contain them. */
  readonly tasks: readonly string[];
  /** Folder for the results. */
  readonly out: string;
  /** Root of the cache; default: the user's, see `cacheFolders`. */
  readonly cache?: string;
  /** Where embeddings and trainings are kept; default: in the cache. */
  readonly artifacts?: Artifacts;
  /** Default: {@link defaultEvaluation}. */
  readonly evaluation?: EvaluationIdentity;
  /** Probe `head`: how the model's own head is scored. */
  readonly head?: HeadRequest;
  /** Shares of the training clips, each for a separate result; default: all clips. */
  readonly trainFractions?: readonly number[];
  /** Train on some values of a column of `clips.csv`, and test on others. */
  readonly generalization?: GeneralizationRequest;
  /**
   * Leave out clips that cannot be read, at most a quarter of a split, and list them in the result; default: such a
   * clip is an error for its task.
   */
  readonly skipUnreadable?: boolean;
  /** Save fine-tuned models beside their results; default: true. */
  readonly keepModels?: boolean;
  /** Seconds between checkpoints of a model that is fine-tuned; default: 60. */
  readonly checkpointSeconds?: number;
  /** Which of the tasks to score; default: all. */
  readonly accepts?: (task: Task) => boolean;
  /** Compute everything again, including what is finished or cached. */
  readonly force?: boolean;
  /** Finds plugins; default: the known ones and installed ones. */
  readonly registry?: Registry;
  /** Scores embeddings; default: `evaluateTask`. */
  readonly evaluate?: Evaluate;
  /** Stops the run; finished work is kept, and the next run continues from there. */
  readonly abortSignal?: AbortSignal;
  /** Called for each event. */
  readonly onEvent?: (event: BenchmarkEvent) => void;
}

/** Events of a run. */
export type BenchmarkEvent =
  | {
      /** The model has been loaded. */
      readonly kind: 'model';
      /** Its name: `plugin:model`, or the name and hash of another checkpoint. */
      readonly model: string;
      /** The model's plugin. */
      readonly plugin: Plugin;
      /** Where its embeddings come from. */
      readonly provenance: Provenance;
    }
  | {
      /** A task starts. */
      readonly kind: 'task';
      /** The task's id. */
      readonly task: string;
      /** Index of the task in the run, from 0. */
      readonly index: number;
      /** Number of tasks in the run. */
      readonly total: number;
    }
  | ({
      /** Clips were embedded. */
      readonly kind: 'embed';
      /** The task's id. */
      readonly task: string;
    } & EmbedProgress)
  | ({
      /** The training of a probe has progressed. */
      readonly kind: 'probe';
      /** The task's id. */
      readonly task: string;
    } & EvaluationProgress)
  | ({
      /** A model that is fine-tuned was updated. */
      readonly kind: 'update';
      /** The task's id. */
      readonly task: string;
    } & UpdateProgress)
  | {
      /** Something to know that is not part of the result. */
      readonly kind: 'note';
      /** The task's id. */
      readonly task: string;
      /** A sentence for the user. */
      readonly message: string;
    }
  | {
      /** A task has ended. */
      readonly kind: 'outcome';
      /** How a task ended. */
      readonly outcome: TaskOutcome;
    };

/** How a task ended. */
export type TaskOutcome = FinishedTask | FailedTask;

/** What tells the outcomes of a campaign apart that have the same task and model. */
export interface OutcomeName {
  /** What the campaign calls the model, if not by its name. */
  readonly name?: string;
  /** The way of scoring, if there are several. */
  readonly evaluation?: string;
}

/** A task with a result. */
export interface FinishedTask extends OutcomeName {
  /** The task's id. */
  readonly task: string;
  /** The model's name. */
  readonly model: string;
  /** The content of the result file. */
  readonly result: Result;
  /** The result file. */
  readonly path: string;
  /** Whether it was finished before this run started. */
  readonly reused: boolean;
}

/** A task without a result, and why. */
export interface FailedTask extends OutcomeName {
  /** The task's id, or the path if there is no task. */
  readonly task: string;
  /** The model's name. */
  readonly model: string;
  /** Share of the training clips, if not all of them. */
  readonly trainFraction?: number;
  /** What was thrown. */
  readonly error: Error | HearkenError;
}

/** Whether a task ended without a result. */
export function hasFailed(outcome: TaskOutcome): outcome is FailedTask {
  return 'error' in outcome;
}

/** What rows and messages call an outcome's model. */
export function shownModel({ name, model }: Pick<TaskOutcome, 'name' | 'model'>): string {
  return name ?? model;
}

/** Where the models of a result are, that were fine-tuned for it. */
export function checkpointFolder(resultPath: string): string {
  return resultPath.replace(/\.json$/, '.checkpoints');
}
