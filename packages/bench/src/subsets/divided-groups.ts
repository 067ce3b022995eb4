import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { TaskError } from '@hearken/core';
import type { Task } from '../tasks/task.js';
import type { ClipTable } from './clip-table.node.js';

/** A group of `clips.csv` that splits share, the first of so many. */
export interface DividedGroup {
  readonly group: string;
  readonly splits: readonly string[];
  readonly count: number;
}

/** People (or whatever the groups of `clips.csv` are) that two splits share; undefined where there are none. */
function dividedGroup({ splits }: Pick<Task, 'splits'>, table: ClipTable): DividedGroup | undefined {
  if (!table.columns.includes('group')) return undefined;
  const splitsOf = new Map<string, Set<string>>();
  for (const [split, clips] of splits) {
    for (const { name } of clips) {
      const group = table.cell(split, name, 'group');
      if (group !== '') splitsOf.set(group, (splitsOf.get(group) ?? new Set<string>()).add(split));
    }
  }
  const divided = [...splitsOf].filter(([, own]) => own.size > 1);
  if (divided.length === 0) return undefined;
  const [[group, own]] = divided;
  return { group, splits: [...own], count: divided.length };
}

/**
 * Makes sure that a task's splits divide nobody. Published splits that do are kept by the conversion that knows them,
 * which leaves its record in the folder: there it is a warning.
 *
 * @returns warnings
 * @throws TaskError naming one that is divided
 */
export async function checkDividedGroups(task: Pick<Task, 'id' | 'folder' | 'splits'>, table: ClipTable) {
  const divided = dividedGroup(task, table);
  if (divided === undefined) return [];
  const { group, splits, count } = divided;
  const more = count === 1 ? '' : `, and ${count - 1} more like that`;
  const found = `'${group}' in ${splits.join(' and ')}${more}`;
  if (await isFile(join(task.folder, 'conversion.json'))) {
    return [`task '${task.id}': ${found}; scores are too good where a probe knows who it hears`];
  }
  throw new TaskError({
    asked: `splits of task '${task.id}' that divide nobody, by '${table.path}'`,
    found,
    fix: 'put all clips of one person into one split',
  });
}

function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isFile(),
    () => false,
  );
}
