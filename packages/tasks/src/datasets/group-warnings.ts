import { groupNoun, tooFewText } from '../subsets/few-groups.js';
import type { Grouping } from '../task.js';
import type { PlannedTask } from './dataset.js';

/** What clips that are all on their own are called, in the groups' place. */
export function unitNoun({ state, by }: Grouping): string {
  return state === 'named' ? groupNoun(by) : 'clips';
}

/** What is to be said of a task's groups: that nobody named them, that there are too few that test. */
export function groupWarnings(task: PlannedTask & { readonly grouping: Grouping }): string[] {
  const { name, grouping, entries, splitMode } = task;
  const warnings: string[] = [];
  if (grouping.state === 'unknown') {
    warnings.push(
      `${name}: nothing says whose the clips are, and scores assume that no two clips share a person. Name the people (--group-column, --group-pattern), or say with none in its place that no two clips share one.`,
    );
  }
  const tested = entries.filter(({ split }) => splitMode !== 'trainvaltest' || split === 'test');
  const few = tooFewText(new Set(tested.map(({ clip }) => clip.group)).size, unitNoun(grouping));
  return few === undefined ? warnings : [...warnings, `${name}: ${few}.`];
}
