import { TaskError } from '@hearken/core';
// The build for browsers, which is enough for a list of names.
import { parse } from 'csv-parse/browser/esm/sync';
import { csvFailure, isRecord, parseBoundedJson } from '@hearken/core/internal';

/** Longer lines are not names. */
const longestName = 500;
/** Columns of tables of labels: AudioSet's, HEAR's, and what people write. */
const nameColumns = ['display_name', 'label', 'name'];
const indexColumns = ['index', 'idx', 'id'];

/**
 * Names of a classifier's labels, in the order of its outputs. As JSON a list, or an object from index to name
 * (`id2label` of a `config.json`, or the whole file); as CSV with a header a column `display_name`, `label` or `name`
 * and, in any order of rows, `index`, `idx` or `id`; else one name per line.
 *
 * @param text the file's content
 * @param name the file's name in errors
 * @throws TaskError for any other content, a name twice or an index that is missing
 */
export function parseLabelNames(text: string, name: string): string[] {
  const content = text.replace(/^\uFEFF/, '');
  const names = /^\s*[[{]/.test(content)
    ? namesOfJson(content, name)
    : (namesOfTable(content, name) ?? content.split(/\r?\n/).filter((line) => line.trim() !== ''));
  const trimmed = names.map((one) => one.trim());
  const bad = trimmed.findIndex((one) => one === '' || one.length > longestName);
  if (bad >= 0) throw refused(name, `an empty or very long name at ${bad}`, 'give every label a name');
  const again = trimmed.findIndex((one, index) => trimmed.indexOf(one) !== index);
  if (again >= 0) {
    const first = trimmed.indexOf(trimmed[again]);
    throw refused(name, `'${trimmed[again]}' at ${first} and at ${again}`, 'give every label a name of its own');
  }
  if (trimmed.length === 0) throw refused(name, 'no names', 'list one name per line');
  return trimmed;
}

function namesOfJson(text: string, name: string): string[] {
  let value: unknown;
  try {
    value = parseBoundedJson(text);
  } catch (cause) {
    throw refused(name, 'text that begins like JSON and is not', 'write a list of names', cause);
  }
  const table = isRecord(value) && isRecord(value.id2label) ? value.id2label : value;
  const entries: [string, unknown][] = Array.isArray(table)
    ? table.map((one, index) => [String(index), one])
    : isRecord(table)
      ? Object.entries(table)
      : [];
  return inOrder(
    entries.map(([index, one]) => [index, typeof one === 'string' || typeof one === 'number' ? String(one) : '']),
    name,
  );
}

/** Undefined for text without such a header: names may contain commas. */
function namesOfTable(text: string, name: string): string[] | undefined {
  const [header = ''] = text.split(/\r?\n/, 1);
  const columns = header.split(',').map((column) => column.trim().replace(/^"(.*)"$/, '$1'));
  const label = columns.findIndex((column) => nameColumns.includes(column));
  const index = columns.findIndex((column) => indexColumns.includes(column));
  if (columns.length < 2 || label < 0 || index < 0) return undefined;
  let rows: string[][];
  try {
    rows = parse(text, { skip_empty_lines: true, max_record_size: 65_536 });
  } catch (cause) {
    const { found, fix } = csvFailure(cause, columns.length);
    throw refused(name, found, fix, cause);
  }
  return inOrder(
    rows.slice(1).map((row) => [row[index].trim(), row[label]]),
    name,
  );
}

/** @param entries index and name, in any order */
function inOrder(entries: readonly (readonly [string, string])[], name: string): string[] {
  const names = new Array<string | undefined>(entries.length).fill(undefined);
  for (const [index, one] of entries) {
    const place = /^\d{1,9}$/.test(index) ? Number(index) : -1;
    if (place < 0 || place >= entries.length || names[place] !== undefined) {
      const fix = `number the names 0 to ${entries.length - 1}, each once`;
      throw refused(name, `index '${index.slice(0, 40)}' among ${entries.length} names`, fix);
    }
    names[place] = one;
  }
  return names.map((one) => one ?? '');
}

function refused(name: string, found: string, fix: string, cause?: unknown): TaskError {
  return new TaskError({ asked: `names of labels in '${name}'`, found, fix, cause });
}
