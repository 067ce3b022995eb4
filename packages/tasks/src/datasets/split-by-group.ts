import { TaskError } from '@hearken/core';
import { Random } from '@hearken/metrics';
import type { PlannedTask } from './dataset.js';

/** A clip to be assigned: its group, and what should be spread evenly. */
export interface SplitItem {
  readonly group: string;
  readonly labels: readonly string[];
}

interface GroupCounts {
  readonly group: string;
  readonly labels: Map<string, number>;
  /** The largest share of any label that this group has. */
  weight: number;
}

/**
 * Assigns groups to splits, so that each split has about its share of every label and no group is divided. Greedy, as
 * in stratified group k-fold: groups that have much of a label come first, each in the split that most lacks its
 * labels. The same seed and items, in any order, give the same splits.
 *
 * @param shares relative size by split name
 * @returns the split of every group
 */
export function splitByGroup(
  items: readonly SplitItem[],
  shares: Readonly<Record<string, number>>,
  seed: number,
): ReadonlyMap<string, string> {
  const { groups, totals } = countLabels(items);
  const whole = Object.values(shares).reduce((sum, share) => sum + share, 0);
  const splits = Object.entries(shares).map(([name, share]) => ({
    name,
    share: share / whole,
    labels: new Map<string, number>(),
  }));
  const ordered = new Random(seed).shuffle(groups).sort((left, right) => right.weight - left.weight);
  const assigned = new Map<string, string>();
  for (const { group, labels } of ordered) {
    const wants = splits.map((split) => {
      let want = 0;
      for (const [label, count] of labels) {
        const total = totals.get(label) ?? 1;
        want += (count / total) * (1 - (split.labels.get(label) ?? 0) / (split.share * total));
      }
      return want;
    });
    const chosen = splits[wants.indexOf(Math.max(...wants))];
    for (const [label, count] of labels) chosen.labels.set(label, (chosen.labels.get(label) ?? 0) + count);
    assigned.set(group, chosen.name);
  }
  return assigned;
}

function countLabels(items: readonly SplitItem[]): { groups: GroupCounts[]; totals: ReadonlyMap<string, number> } {
  const groups = new Map<string, GroupCounts>();
  const totals = new Map<string, number>();
  for (const { group, labels } of items) {
    const counts = groups.get(group) ?? { group, labels: new Map<string, number>(), weight: 0 };
    groups.set(group, counts);
    // The clip itself counts like a label, so that splits get their share of clips, too.
    for (const label of ['', ...labels.map((one) => `label ${one}`)]) {
      counts.labels.set(label, (counts.labels.get(label) ?? 0) + 1);
      totals.set(label, (totals.get(label) ?? 0) + 1);
    }
  }
  for (const counts of groups.values()) {
    counts.weight = Math.max(...[...counts.labels].map(([label, count]) => count / (totals.get(label) ?? 1)));
  }
  const sorted = [...groups.values()].sort((left, right) => (left.group < right.group ? -1 : 1));
  return { groups: sorted, totals };
}

/**
 * Looks for groups that are in two splits.
 *
 * @returns warnings about shared groups that the task allows
 * @throws TaskError naming a group that must not be divided
 */
export function checkGroups(task: Pick<PlannedTask, 'name' | 'entries' | 'sharedGroups'>): string[] {
  const splitsOf = new Map<string, Set<string>>();
  for (const { clip, split } of task.entries) {
    const splits = splitsOf.get(clip.group) ?? new Set<string>();
    splitsOf.set(clip.group, splits.add(split));
  }
  const divided = [...splitsOf].filter(([, splits]) => splits.size > 1);
  const allowed = (group: string) => task.sharedGroups === 'all' || (task.sharedGroups?.includes(group) ?? false);
  const offence = divided.find(([group]) => !allowed(group));
  if (offence !== undefined) {
    const [group, splits] = offence;
    const more = divided.length > 1 ? `, and ${divided.length - 1} more like that` : '';
    throw new TaskError({
      asked: `splits of task '${task.name}' without shared groups`,
      found: `'${group}' in ${[...splits].sort().join(' and ')}${more}`,
      fix: 'put all clips of one person into one split',
    });
  }
  if (divided.length === 0) return [];
  const named = divided.slice(0, 8).map(([group]) => group);
  const rest = divided.length > named.length ? ', ...' : '';
  return [
    `${task.name}: the published split has ${divided.length} people in more than one part (${named.join(', ')}${rest}); it is kept so that scores can be compared.`,
  ];
}
