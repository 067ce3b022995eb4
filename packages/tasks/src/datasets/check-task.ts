import { TaskError } from '@hearken/core';
import { taskKind } from '../kinds/registry.js';
import { isPathPart } from '../metadata.js';
import type { PlannedTask } from './dataset.js';
import { labelsOf } from './planned-splits.js';
import { checkGroups } from './split-by-group.js';

/**
 * Checks a planned task before anything is written: valid names, no empty split, every person in one split only.
 *
 * @returns warnings: groups in several splits that the task allows, labels without a clip in some split
 * @throws TaskError naming the task and the problem
 */
export function checkTask(task: PlannedTask): string[] {
  const fail = (found: string, fix: string) => new TaskError({ asked: `task '${task.name}'`, found, fix });
  if (!isPathPart(task.name)) throw fail('a name that cannot be a file name', 'choose another name');
  if (task.labels.length === 0) throw fail('no labels', 'check the annotations');
  const names = new Set<string>();
  for (const { clip, split } of task.entries) {
    if (!isPathPart(clip.name)) throw fail(`a clip named '${clip.name}'`, 'rename its file');
    // Two common file systems do not distinguish upper from lower case.
    const name = clip.name.toLowerCase();
    if (names.has(name)) throw fail(`two clips named '${clip.name}'`, 'rename one of their files');
    names.add(name);
    if (!task.splits.includes(split)) throw fail(`clip '${clip.name}' in split '${split}'`, 'check the annotations');
  }
  const warnings = checkGroups(task);
  for (const split of task.splits) {
    const entries = task.entries.filter((entry) => entry.split === split);
    if (entries.length === 0) {
      throw fail(
        `no clips in split '${split}' of ${task.entries.length}`,
        'pass the whole dataset, or one with more people',
      );
    }
    const present = new Set(entries.flatMap(({ content }) => labelsOf(content)));
    const missing = taskKind(task).hasLabels ? task.labels.filter((label) => !present.has(label)) : [];
    if (missing.length > 0) {
      const named = missing.slice(0, 6).join(', ') + (missing.length > 6 ? ', ...' : '');
      warnings.push(`${task.name}: split '${split}' has no clips with ${missing.length} labels (${named}).`);
    }
  }
  return warnings;
}
