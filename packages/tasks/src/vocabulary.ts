import { TaskError } from '@hearken/core';
// The usual build needs Node.js's Buffer; this one is slower, which does not matter for a vocabulary.
import { parse } from 'csv-parse/browser/esm/sync';
import { csvFailure } from '@hearken/core/internal';

/**
 * Parses `labelvocabulary.csv`: columns `idx` and `label`, the indices 0 to n - 1 in any order. Labels are kept as
 * written; numbers are labels, too.
 *
 * @param text the file's content
 * @param name the file's name in errors
 * @returns labels by index
 * @throws TaskError for any other content, naming the row
 */
export function parseVocabulary(text: string, name: string): string[] {
  const fail = (found: string, fix: string, cause?: unknown) =>
    new TaskError({ asked: `label vocabulary '${name}'`, found, fix, cause });
  let rows: string[][];
  try {
    rows = parse(text, { bom: true, skip_empty_lines: true, max_record_size: 65_536 });
  } catch (cause) {
    throw fail(csvFailure(cause).found, 'write it as CSV with the columns idx and label', cause);
  }
  const [header = [], ...records] = rows;
  const indexColumn = header.indexOf('idx');
  const labelColumn = header.indexOf('label');
  if (indexColumn < 0 || labelColumn < 0) {
    throw fail(`the columns ${header.join(', ') || '(none)'}`, 'name the columns idx and label');
  }
  if (records.length === 0) throw fail('no labels', 'list one label per row');
  const labels = new Map<number, string>();
  const indices = new Map<string, number>();
  for (const [row, record] of records.entries()) {
    const index = /^\d{1,9}$/.test(record[indexColumn]) ? Number(record[indexColumn]) : -1;
    const label = record[labelColumn];
    if (index < 0 || index >= records.length || labels.has(index)) {
      throw fail(
        `idx '${record[indexColumn]}' in row ${row + 1} of ${records.length}`,
        `number the labels 0 to ${records.length - 1}, each once`,
      );
    }
    const twin = indices.get(label);
    if (twin !== undefined) throw fail(`label '${label}' at idx ${twin} and ${index}`, 'list every label once');
    labels.set(index, label);
    indices.set(label, index);
  }
  return records.map((_, index) => labels.get(index) ?? '');
}
