import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { TaskError } from '@hearken/core';
import { parseTable, type TableRow } from '../datasets/parse-table.js';
import { readIfThere } from '@hearken/core/node';
import type { Grouping, Task } from '../task.js';
import type { ClipTable } from './clip-table.js';

/** The file of a task folder that says whose each clip is and what it was recorded with. */
const clipTableName = 'clips.csv';

const maximumBytes = 2 ** 27;

/** Columns that say where a clip lies, not what it is. */
const placeColumns = ['clip', 'split', 'source', 'start', 'end'];

/**
 * Columns that say whose a clip is, the first that there is, unless the task's metadata says it: clips of one person are not
 * independent of each other.
 */
const groupColumns = [
  'group',
  'person',
  'patient',
  'subject',
  'participant',
  'person_id',
  'patient_id',
  'subject_id',
  'participant_id',
];

/**
 * Reads the `clips.csv` of a task; undefined where its folder has none.
 *
 * @throws TaskError naming the line for a table that cannot be read
 */
export async function readClipTable(task: Pick<Task, 'folder' | 'metadata'>): Promise<ClipTable | undefined> {
  const path = join(task.folder, clipTableName);
  const bytes = await readIfThere(path, {
    maximumBytes,
    within: task.folder,
    refuse: ({ found, fix }) => new TaskError({ asked: `'${path}'`, found, fix }),
  });
  if (bytes === undefined) return undefined;
  const { columns, rows } = parseTable(bytes.toString('utf8'), path, { required: ['clip', 'split'], delimiter: ',' });
  const byClip = new Map<string, TableRow>();
  for (const row of rows) {
    const key = clipKey(row.get('split'), row.get('clip'));
    if (byClip.has(key)) throw row.fail(`clip '${row.get('clip')}' a second time`, 'keep one line for each clip');
    byClip.set(key, row);
  }
  return {
    path,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    columns: columns.filter((name) => !placeColumns.includes(name)),
    groupColumn: groupColumnOf(columns, task.metadata.grouping),
    cell(split, clip, column) {
      const row = byClip.get(clipKey(split, clip));
      if (row !== undefined) return row.get(column);
      throw new TaskError({
        asked: `clip '${clip}' of split '${split}' in '${path}'`,
        found: 'no line of it',
        fix: 'make the task again, or write the line',
      });
    },
  };
}

/** Where whoever made the task says that no two clips share anybody, a column of patients is what clips were recorded with. */
function groupColumnOf(columns: readonly string[], grouping: Grouping | undefined): string | undefined {
  if (grouping?.state === 'none') return undefined;
  const named = grouping?.by === undefined ? [] : ['group', grouping.by];
  return [...named, ...groupColumns].find((name) => columns.includes(name));
}

/** No file name holds a line feed. */
function clipKey(split: string, clip: string): string {
  return `${split}\n${clip}`;
}
