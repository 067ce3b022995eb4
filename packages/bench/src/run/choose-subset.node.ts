import { OptionError } from '@hearken/core';
import { readClipTable } from '../subsets/clip-table.node.js';
import { checkDividedGroups } from '../subsets/divided-groups.js';
import { resolveGeneralization } from '../subsets/generalization.js';
import { planSplits, type SplitPlan } from '../subsets/plan-splits.js';
import type { Task } from '../tasks/task.js';
import { defaultEvaluation, type BenchmarkOptions } from './benchmark.js';
import { subsetIdentity, type EvaluationIdentity } from './identity.node.js';

/** Which clips of a task train, validate and test, where that is not what the task says. */
export interface ChosenSubset {
  readonly identity: Pick<EvaluationIdentity, 'trainFraction' | 'generalization' | 'clipsSha256'>;
  /** Undefined where all clips count. */
  readonly plan: SplitPlan | undefined;
  readonly warnings: readonly string[];
}

/**
 * Plans what the caller asks of a task's clips.
 *
 * @throws OptionError for a share that is none; TaskError where the task cannot be divided that way, or has somebody in two
 *   splits
 */
export async function chooseSubset(
  task: Task,
  trainFraction: number | undefined,
  { generalization: request, evaluation = defaultEvaluation }: BenchmarkOptions,
): Promise<ChosenSubset> {
  checkFraction(trainFraction);
  const table = await readClipTable(task);
  const warnings = table === undefined ? [] : await checkDividedGroups(task, table);
  if (trainFraction === undefined && request === undefined) return { identity: {}, plan: undefined, warnings };
  const generalization = request === undefined ? undefined : resolveGeneralization(task, table, request);
  const { seed, seeds } = evaluation;
  const plan = planSplits(task, table, { trainFraction, generalization, seed, seeds });
  const decides = generalization !== undefined || table?.columns.includes('group') === true;
  return {
    identity: subsetIdentity({ trainFraction, generalization, clipsSha256: decides ? table?.sha256 : undefined }),
    plan,
    warnings: [...warnings, ...plan.warnings],
  };
}

function checkFraction(fraction: number | undefined): void {
  if (fraction === undefined || (fraction > 0 && fraction < 1)) return;
  throw new OptionError({
    asked: `${fraction} of the training clips`,
    found: 'no share of them',
    fix: 'give a number over 0, up to 1, such as 0.25',
  });
}
