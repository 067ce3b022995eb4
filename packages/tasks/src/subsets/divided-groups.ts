import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { TaskError } from '@hearken/core';
import type { Task } from '../task.js';
import type { ClipTable } from './clip-table.js';

/** Groups of clips that are not independent of each other: people, patients, recordings. */
export interface GroupCounts {
  /** The column of `clips.csv` that names them. */
  readonly column: string;
  /** What they are, such as `patient` or `video`, where the task says. */
  readonly by?: string;
  /** How many there are in each split of the task. */
  readonly splits: Readonly<Record<string, number>>;
}

/** The groups of `clips.csv` that splits share. */
interface DividedGroups {
  readonly groups: readonly { readonly group: string; readonly splits: readonly string[] }[];
  readonly column: string;
}

/** People (or whatever the groups of `clips.csv` are) that two splits share; undefined where there are none. */
function dividedGroups({ splits }: Pick<Task, 'splits'>, table: ClipTable): DividedGroups | undefined {
  const column = table.groupColumn;
  if (column === undefined) return undefined;
  const splitsOf = new Map<string, Set<string>>();
  for (const [split, clips] of splits) {
    for (const { name } of clips) {
      const group = table.cell(split, name, column);
      if (group !== '') splitsOf.set(group, (splitsOf.get(group) ?? new Set<string>()).add(split));
    }
  }
  const divided = [...splitsOf].filter(([, own]) => own.size > 1);
  return divided.length === 0
    ? undefined
    : { column, groups: divided.map(([group, own]) => ({ group, splits: [...own] })) };
}

/** How many groups there are in each split; clips of no known group do not count. */
export function groupCounts(
  { splits, metadata }: Pick<Task, 'splits' | 'metadata'>,
  table: ClipTable,
): GroupCounts | undefined {
  const column = table.groupColumn;
  if (column === undefined) return undefined;
  const counts = [...splits].map(([split, clips]) => {
    const own = new Set(clips.map(({ name }) => table.cell(split, name, column)));
    own.delete('');
    return [split, own.size] as const;
  });
  const { by } = metadata.grouping ?? {};
  return { column, ...(by === undefined ? {} : { by }), splits: Object.fromEntries(counts) };
}

/** More are counted and not named. */
const namedGroups = 5;

/**
 * Makes sure that a task's splits divide nobody. Published splits that do are kept by the conversion that knows them,
 * which leaves its record in the folder, and a task that is to do so says `"divides_groups": true` in its
 * `evaluation_params`: there it is a warning.
 *
 * @returns warnings
 * @throws TaskError naming one that is divided
 */
export async function checkDividedGroups(task: Pick<Task, 'id' | 'folder' | 'splits' | 'metadata'>, table: ClipTable) {
  const divided = dividedGroups(task, table);
  if (divided === undefined) return [];
  const { groups, column } = divided;
  const named = groups.slice(0, namedGroups).map(({ group, splits }) => `'${group}' in ${splits.join(' and ')}`);
  const more = groups.length > namedGroups ? `, and ${groups.length - namedGroups} more like that` : '';
  const found = `${named.join(', ')}${more} (column '${column}')`;
  const isMeant = task.metadata.evaluationParams.divides_groups === true;
  if (isMeant || (await isFile(join(task.folder, 'conversion.json')))) {
    return [`task '${task.id}': ${found}; scores are too good where a probe knows who it hears`];
  }
  throw new TaskError({
    asked: `splits of task '${task.id}' that divide nobody, by '${table.path}'`,
    found,
    fix: 'put all clips of one person into one split, or set evaluation_params.divides_groups to true where the task is to be so',
  });
}

function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isFile(),
    () => false,
  );
}
