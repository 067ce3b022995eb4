import type { Result } from '../format/result.js';
import { settingsDigest } from '../result/finetune-settings.js';
import type { EvaluationIdentity } from '../result/identity.js';

/** How scoring a model on a task ended: what thresholds and reports for CI need. */
export type RunOutcome = ScoredOutcome | UnscoredOutcome;

/** A model on a task with its result. */
export interface ScoredOutcome {
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

/** A model on a task without a result, and why. */
export interface UnscoredOutcome {
  /** The task's id, or the path if there is no task. */
  readonly task: string;
  /** The model's name. */
  readonly model: string;
  /** Share of the training clips, if not all of them. */
  readonly trainFraction?: number;
  /** What was thrown. */
  readonly error: Error;
}

/** Whether there is a result. */
export function isScored(outcome: RunOutcome): outcome is ScoredOutcome {
  return 'result' in outcome;
}

/**
 * Describes the evaluation, so that two results of a model on a task never have the same name: `mlp, default grid, ...`
 */
export function evaluationText(evaluation: EvaluationIdentity | Result['evaluation']): string {
  const { grid, gridPoints, seed, seeds = 1, pca, trainFraction = 1, generalization, finetune } = evaluation;
  return [
    ...(finetune === undefined
      ? [evaluation.probe, `${gridPoints} ${gridPoints === 1 ? 'point' : 'points'} of grid ${grid}`]
      : [`fine-tuned with ${finetune.recipe}`, `settings ${settingsDigest(finetune)}`]),
    seeds === 1 ? `seed ${seed}` : `seeds ${seed} to ${seed + seeds - 1}`,
    ...(pca === undefined || pca === null ? [] : [`PCA ${pca}`]),
    ...(trainFraction === 1 ? [] : [`${trainFraction} of the training clips`]),
    ...(generalization === undefined
      ? []
      : [`across ${generalization.column} from ${generalization.train.join('+')} to ${generalization.test.join('+')}`]),
  ].join(', ');
}
