import { TaskError } from '@hearken/core';
import { fewGroups, fewGroupsOfLabel } from '../subsets/few-groups.js';
import type { Grouping } from '../task.js';
import type { PlannedTask } from './dataset.js';
import { unitNoun } from './group-warnings.js';
import { foldNames, inFolds, labelsOf, threeSplits, trainValidTest, type LabelledClip } from './planned-splits.js';

/** How to divide clips that have no splits. */
export interface DivideOptions {
  readonly seed: number;
  /** Number of folds by group; 1: train, valid and test. Default: folds if there are few groups, else one division. */
  readonly folds?: number;
  readonly grouping: Grouping;
  /** Also make folds if few groups have a label; default: only if there are few groups at all. */
  readonly countLabels?: boolean;
}

/** A division of clips, and notes about it. */
export interface Division extends Pick<PlannedTask, 'splits' | 'splitMode' | 'entries'> {
  readonly warnings: readonly string[];
}

/** Number of folds unless there is a reason for fewer: HEAR's number. */
const usualFolds = 5;

/** If every group has all labels, and there are at most this many, each is a fold. */
const mostSingleFolds = 10;

/**
 * Divides clips by group. With enough groups: train, valid and test. With few, a single division says little (see
 * `few-groups.ts`), so folds by group are made, in which everybody is tested once. There are fewer folds if a label has
 * few groups, so that each fold can have it; if every group has all labels, each is a fold, up to ten.
 *
 * @throws TaskError for fewer groups than parts
 */
export function divideClips(clips: readonly LabelledClip[], task: string, options: DivideOptions): Division {
  const { seed, grouping } = options;
  const noun = unitNoun(grouping);
  const groups = new Map<string, Set<string>>();
  for (const { clip, content } of clips) {
    const labels = groups.get(clip.group) ?? new Set<string>();
    groups.set(clip.group, labels);
    for (const label of labelsOf(content)) labels.add(label);
  }
  const reason = options.folds === undefined ? foldReason(groups, noun, options.countLabels === true) : undefined;
  const folds = options.folds ?? (reason === undefined ? 1 : foldCount(groups));
  if (groups.size < Math.max(folds, 3)) {
    throw new TaskError({
      asked: groups.size < 3 ? `splits of task '${task}' by group` : `${folds} folds of task '${task}'`,
      found: `${groups.size} ${noun}${grouping.state === 'named' ? ` (${grouping.by})` : ''}`,
      fix:
        groups.size < 3
          ? 'add more: there must be at least one each to train, validate and test'
          : `pass --folds ${groups.size} or fewer`,
    });
  }
  if (folds === 1) {
    return { splits: threeSplits, splitMode: 'trainvaltest', entries: trainValidTest(clips, seed), warnings: [] };
  }
  const said =
    reason === undefined
      ? []
      : [
          `${task}: ${reason}, so ${folds} folds by ${grouping.state === 'named' ? `group (${grouping.by})` : 'clip'} were made instead, in which each of the ${noun} is tested once. --folds 1 makes one division.`,
        ];
  return {
    splits: foldNames(folds),
    splitMode: 'presplit_kfold',
    entries: inFolds(clips, folds, seed),
    warnings: said,
  };
}

type Groups = ReadonlyMap<string, ReadonlySet<string>>;

/** Groups of each label. */
function groupsOfLabels(groups: Groups): Map<string, number> {
  const counts = new Map<string, number>();
  for (const labels of groups.values()) for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}

/** Why one division is not enough; undefined if it is. */
function foldReason(groups: Groups, noun: string, countLabels: boolean): string | undefined {
  const tested = (count: number) => Math.max(1, Math.round(count / 5));
  if (groups.size < fewGroups) {
    return `${groups.size} ${noun} are too few for one division, which would test ${tested(groups.size)} of them`;
  }
  if (!countLabels) return undefined;
  const counts = [...groupsOfLabels(groups)].sort(([, left], [, right]) => left - right);
  const rare = counts.find(([, count]) => count < fewGroupsOfLabel);
  if (rare === undefined) return undefined;
  const [label, count] = rare;
  return `${count} of ${groups.size} ${noun} have '${label}', too few for one division, which would test ${tested(count)} of them`;
}

function foldCount(groups: Groups): number {
  const counts = [...groupsOfLabels(groups).values()];
  // Regression: the values in a fold of several groups differ.
  if (counts.length === 0) return Math.min(usualFolds, Math.max(3, Math.floor(groups.size / 2)));
  const least = Math.min(...counts);
  if (least === groups.size && counts.length > 1 && groups.size <= mostSingleFolds) return Math.max(3, groups.size);
  return Math.min(usualFolds, Math.max(3, least));
}
