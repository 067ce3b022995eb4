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

/** Which clips of a task are used to train, validate and test, if not those that the task says. */
export interface ChosenSubset {
  readonly identity: Pick<EvaluationIdentity, 'trainFraction' | 'generalization' | 'clipsSha256'>;
  /** Undefined if all clips are used. */
  readonly plan: SplitPlan | undefined;
  readonly warnings: readonly string[];
  /**
   * The groups of the clips, if the task has them; `of` returns the group of a clip in a split, '' if it is unknown.
   */
  readonly groups?: { readonly counts: GroupCounts; readonly of: (split: string, clip: string) => string };
}

/** Which clips of a task the caller wants. */
export interface SubsetRequest extends Pick<RunContext, 'generalization' | 'evaluation'> {
  /** Share of the training clips; undefined for all. */
  readonly trainFraction: number | undefined;
}

/**
 * Chooses the clips of a task that the caller wants.
 *
 * @throws OptionError for a share that is not between 0 and 1; TaskError if the task cannot be divided that way, or has
 *   a group in two splits
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
    found: 'not a share of them',
    fix: 'pass a number above 0 and up to 1, such as 0.25',
  });
}
