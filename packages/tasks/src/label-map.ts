import { didYouMean, TaskError } from '@hearken/core';
// The build for browsers, which is enough for a table of names.
import { parse } from 'csv-parse/browser/esm/sync';
import { csvFailure, isRecord, parseBoundedJson } from '@hearken/core/internal';

/** The labels of a head that stand for a label of a task. */
export type LabelMap = Readonly<Record<string, readonly string[]>>;

const longestName = 500;

/**
 * Which labels of a head stand for a task's labels. As JSON an object from the task's label to one label of the head or
 * a list; as CSV the columns `task` and `head`, with a row for each pair.
 *
 * @param text the file's content
 * @param name the file's name in errors
 * @throws TaskError for any other content
 */
export function parseLabelMap(text: string, name: string): LabelMap {
  const content = text.replace(/^\uFEFF/, '');
  const pairs = /^\s*\{/.test(content) ? pairsOfJson(content, name) : pairsOfTable(content, name);
  const found = new Map<string, string[]>();
  for (const [label, head] of pairs) {
    if (label.trim() === '' || head.trim() === '' || label.length > longestName || head.length > longestName) {
      throw refused(name, 'an empty or very long label', 'name a label of the task and one of the head');
    }
    const own = found.get(label.trim()) ?? [];
    if (!own.includes(head.trim())) own.push(head.trim());
    found.set(label.trim(), own);
  }
  if (found.size === 0) throw refused(name, 'no labels', 'map each label of the task to one or more of the head');
  return Object.fromEntries(found);
}

/**
 * Finds the labels of a head that stand for each label of a task: those of the map, else the one of the same name.
 *
 * @returns for each label of the task the indices of the head's labels, one or more
 * @throws TaskError listing the task's labels for which the head has none, or the map's labels that the head lacks
 */
export function matchLabels(
  labels: readonly string[],
  headLabels: readonly string[],
  map: LabelMap | undefined,
  { task, model }: { readonly task: string; readonly model: string },
): number[][] {
  const indexOf = new Map(headLabels.map((label, index) => [label, index]));
  const fail = (found: string, fix: string) =>
    new TaskError({ asked: `the labels of task '${task}' from ${model}`, found, fix });
  const wanted = labels.map((label) => (map !== undefined && Object.hasOwn(map, label) ? map[label] : [label]));
  const strange = [...new Set(wanted.flatMap((names, index) => (names[0] === labels[index] ? [] : names)))].filter(
    (name) => !indexOf.has(name),
  );
  if (strange.length > 0) {
    const hint = strange.length === 1 ? didYouMean(strange[0], headLabels) : '';
    throw fail(
      `a map to ${listed(strange)}, which ${strange.length === 1 ? 'is no label' : 'are no labels'} of the head`,
      `${hint}map to labels as the model names them: hearken predict --top ${headLabels.length} prints them`,
    );
  }
  const missing = labels.filter((_, index) => wanted[index].some((name) => !indexOf.has(name)));
  if (missing.length > 0) {
    throw fail(
      `no label of the head for ${missing.length} of ${labels.length}: ${listed(missing)}`,
      'map them to labels of the head: --label-map map.json with {"label of the task": "label of the head"}',
    );
  }
  return wanted.map((names) => names.map((name) => indexOf.get(name)!));
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 50).map((name) => `'${name}'`);
  return `${shown.join(', ')}${names.length > shown.length ? ` and ${names.length - shown.length} more` : ''}`;
}

function pairsOfJson(text: string, name: string): [string, string][] {
  let value: unknown;
  try {
    value = parseBoundedJson(text);
  } catch (cause) {
    throw refused(name, 'text that begins like JSON and is not', 'write an object of labels', cause);
  }
  return Object.entries(isRecord(value) ? value : {}).flatMap(([label, of]) => {
    const heads: unknown[] = Array.isArray(of) ? of : [of];
    return heads.map((head): [string, string] => {
      if (typeof head === 'string') return [label, head];
      throw refused(name, `'${label.slice(0, 80)}' with ${JSON.stringify(head)?.slice(0, 80)}`, 'map it to text');
    });
  });
}

function pairsOfTable(text: string, name: string): [string, string][] {
  let rows: string[][];
  try {
    rows = parse(text, { skip_empty_lines: true, max_record_size: 65_536 });
  } catch (cause) {
    const { found, fix } = csvFailure(cause);
    throw refused(name, found, fix, cause);
  }
  const [header = [], ...records] = rows;
  const columns = header.map((column) => column.trim());
  const [label, head] = [columns.indexOf('task'), columns.indexOf('head')];
  if (label >= 0 && head >= 0) return records.map((row) => [row[label], row[head]]);
  const found = `the columns ${columns.join(', ').slice(0, 200) || '(none)'}`;
  throw refused(name, found, 'name the columns task and head, or write JSON');
}

function refused(name: string, found: string, fix: string, cause?: unknown): TaskError {
  return new TaskError({ asked: `map of labels '${name}'`, found, fix, cause });
}
