import { groupNoun, tooFewText } from '../subsets/few-groups.js';
import type { Grouping } from '../task.js';
import type { PlannedTask } from './dataset.js';

/** Replaces the groups' name if every clip is a separate group. */
export function unitNoun({ state, by }: Grouping): string {
  return state === 'named' ? groupNoun(by) : 'clips';
}

/** Warnings about a task's groups: that nobody named them, or that too few are tested. */
export function groupWarnings(task: PlannedTask & { readonly grouping: Grouping }): string[] {
  const { name, grouping, entries, splitMode } = task;
  const warnings: string[] = [];
  if (grouping.state === 'unknown') {
    warnings.push(
      `${name}: nothing says which clips belong together, and scores assume that no two clips share a person. Name the people (--group-column, --group-pattern), or pass none instead to confirm that no two clips share one.`,
    );
  }
  const tested = entries.filter(({ split }) => splitMode !== 'trainvaltest' || split === 'test');
  const few = tooFewText(new Set(tested.map(({ clip }) => clip.group)).size, unitNoun(grouping));
  return few === undefined ? warnings : [...warnings, `${name}: ${few}.`];
}
