import { join } from 'node:path';
import { TaskError } from '@hearken/core';
import { parseTable, type TableRow } from '../datasets/parse-table.js';
import { bytesSha256, readIfThere } from '@hearken/core/node';
import type { Grouping, Task } from '../task.js';
import type { ClipTable } from './clip-table.js';

/** The file in a task folder that says who or what each clip was recorded from, and with which device. */
const clipTableName = 'clips.csv';

const maximumBytes = 2 ** 27;

/** Columns about a clip's place in the task, not about its contents. */
const placeColumns = ['clip', 'split', 'source', 'start', 'end'];

/**
 * Columns that name groups of clips; the first existing one is used unless the task's metadata names one. Clips of one
 * person are not independent.
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
 * Reads a task's `clips.csv`; undefined if the folder has none.
 *
 * @throws TaskError naming the line, if the table cannot be read
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
    if (byClip.has(key)) throw row.fail(`clip '${row.get('clip')}' a second time`, 'keep one line per clip');
    byClip.set(key, row);
  }
  return {
    path,
    sha256: bytesSha256(bytes),
    columns: columns.filter((name) => !placeColumns.includes(name)),
    groupColumn: groupColumnOf(columns, task.metadata.grouping),
    cell(split, clip, column) {
      const row = byClip.get(clipKey(split, clip));
      if (row !== undefined) return row.get(column);
      throw new TaskError({
        asked: `clip '${clip}' of split '${split}' in '${path}'`,
        found: 'no line for it',
        fix: 'make the task again, or add the line',
      });
    },
  };
}

/** If the task's metadata says that no two clips share a person, a column of patients describes the recording. */
function groupColumnOf(columns: readonly string[], grouping: Grouping | undefined): string | undefined {
  if (grouping?.state === 'none') return undefined;
  const named = grouping?.by === undefined ? [] : ['group', grouping.by];
  return [...named, ...groupColumns].find((name) => columns.includes(name));
}

/** File names have no line feeds. */
function clipKey(split: string, clip: string): string {
  return `${split}\n${clip}`;
}
