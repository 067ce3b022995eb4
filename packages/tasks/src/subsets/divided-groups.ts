import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { TaskError } from '@hearken/core';
import type { Task } from '../task.js';
import type { ClipTable } from './clip-table.js';

/** Groups of clips that are not independent: people, patients, recordings. */
export interface GroupCounts {
  /** The column of `clips.csv` that names them. */
  readonly column: string;
  /** What they are, such as `patient` or `video`, if the task says so. */
  readonly by?: string;
  /** Their number in each split. */
  readonly splits: Readonly<Record<string, number>>;
}

/** The groups of `clips.csv` that are in more than one split. */
interface DividedGroups {
  readonly groups: readonly { readonly group: string; readonly splits: readonly string[] }[];
  readonly column: string;
}

/** People (or other groups of `clips.csv`) that are in two splits; undefined if there are none. */
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

/** How many groups each split has; clips without a known group do not count. */
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

/** Further ones are counted but not named. */
const namedGroups = 5;

/**
 * Checks that no person's clips are in two splits. Some published splits have this fault and are kept as they are: the
 * conversion leaves its record in the folder, or the task says `"divides_groups": true` in its `evaluation_params`.
 * These cause a warning.
 *
 * @returns warnings
 * @throws TaskError naming a divided group
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
    return [
      `task '${task.id}': ${found}; scores may be too good because a probe can recognise people it was trained on`,
    ];
  }
  throw new TaskError({
    asked: `splits of task '${task.id}' without shared groups, by '${table.path}'`,
    found,
    fix: 'put all clips of one person into one split, or set evaluation_params.divides_groups to true if this is intended',
  });
}

function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isFile(),
    () => false,
  );
}
