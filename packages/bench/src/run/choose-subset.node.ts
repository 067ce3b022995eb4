import { OptionError } from '@hearken/core';
import {
  checkDividedGroups,
  type ClipTable,
  groupCounts,
  type GroupCounts,
  readClipTable,
} from '@hearken/tasks/internal/node';
import { planSplits, resolveGeneralization, type SplitPlan } from '@hearken/tasks/internal';
import type { Task } from '@hearken/tasks';
import type { RunContext } from './run-context.node.js';
import { subsetIdentity } from '@hearken/results/internal';
import type { EvaluationIdentity } from '@hearken/results/node';

/** Which clips of a task train, validate and test, where that is not what the task says. */
export interface ChosenSubset {
  readonly identity: Pick<EvaluationIdentity, 'trainFraction' | 'generalization' | 'clipsSha256'>;
  /** Undefined where all clips count. */
  readonly plan: SplitPlan | undefined;
  readonly warnings: readonly string[];
  /** Whose the clips are, where the task says; `of` tells it of a clip of a split, '' where it is unknown. */
  readonly groups?: { readonly counts: GroupCounts; readonly of: (split: string, clip: string) => string };
}

/** What is asked of a task's clips. */
export interface SubsetRequest extends Pick<RunContext, 'generalization' | 'evaluation'> {
  /** Share of the training clips; all where it is undefined. */
  readonly trainFraction: number | undefined;
}

/**
 * Plans what the caller asks of a task's clips.
 *
 * @throws OptionError for a share that is none; TaskError where the task cannot be divided that way, or has somebody in two
 *   splits
 */
export async function chooseSubset(
  task: Task,
  { trainFraction, generalization: request, evaluation }: SubsetRequest,
): Promise<ChosenSubset> {
  checkFraction(trainFraction);
  const table = await readClipTable(task);
  const warnings = table === undefined ? [] : await checkDividedGroups(task, table);
  const groups = table === undefined ? {} : groupsOf(task, table);
  if (trainFraction === undefined && request === undefined)
    return { identity: {}, plan: undefined, warnings, ...groups };
  const generalization = request === undefined ? undefined : resolveGeneralization(task, table, request);
  const { seed, seeds } = evaluation;
  const plan = planSplits(task, table, { trainFraction, generalization, seed, seeds });
  const decides = generalization !== undefined || table?.groupColumn !== undefined;
  return {
    identity: subsetIdentity({ trainFraction, generalization, clipsSha256: decides ? table?.sha256 : undefined }),
    plan,
    warnings: [...warnings, ...plan.warnings],
    ...groups,
  };
}

function groupsOf(task: Task, table: ClipTable): Pick<ChosenSubset, 'groups'> {
  const counts = groupCounts(task, table);
  if (counts === undefined) return {};
  return { groups: { counts, of: (split, clip) => table.cell(split, clip, counts.column) } };
}

function checkFraction(fraction: number | undefined): void {
  if (fraction === undefined || (fraction > 0 && fraction < 1)) return;
  throw new OptionError({
    asked: `${fraction} of the training clips`,
    found: 'no share of them',
    fix: 'give a number over 0, up to 1, such as 0.25',
  });
}
