import { OptionError, TaskError } from '@hearken/core';
import type { Grouping } from '../task.js';
import type { PlanOptions } from './dataset.js';
import type { Table } from './parse-table.js';

/** Columns that say when something begins and ends, with their units in seconds. */
export interface TimeColumns {
  readonly start: TimeColumn;
  /** The end, or the duration. */
  readonly end: TimeColumn & { readonly isDuration: boolean };
  /** Whether the names say the units of both. */
  readonly unitSaid: boolean;
}

export interface TimeColumn {
  readonly name: string;
  /** Seconds per unit. */
  readonly seconds: number;
}

/** What each column of a table is used for. */
export interface TableColumns {
  readonly file: string;
  readonly labels: readonly string[];
  readonly group?: string;
  readonly grouping: Grouping;
  readonly split?: string;
  readonly times?: TimeColumns;
  /** Columns that are copied to `clips.csv`. */
  readonly metadata: readonly string[];
  /** How columns were interpreted, in whole sentences. */
  readonly notes: readonly string[];
}

const columnFlags = {
  file: '--file-column',
  label: '--label-column',
  group: '--group-column',
  split: '--split-column',
};

/**
 * Finds out what each column of a table is for: first the columns named by options, then those with a known name.
 *
 * @param path the table's name in errors
 * @throws OptionError or TaskError for a missing column, or incomplete times
 */
export function tableColumns(table: Table, path: string, options: PlanOptions): TableColumns {
  const { columns } = table;
  const file = options.fileColumn ?? 'file';
  const labels = options.labelColumns ?? ['label'];
  const notes: string[] = [];
  need(columns, [file], path, columnFlags.file);
  need(columns, labels, path, columnFlags.label);
  need(columns, options.splitColumn === undefined ? [] : [options.splitColumn], path, columnFlags.split);
  const split = options.splitColumn ?? columns.find((name) => name === 'split');
  const kept = options.metadataColumns ?? [];
  need(columns, kept, path, '--metadata-column');
  const own = [file, ...labels, split];
  const grouped = groupColumn(table, path, options, [...own, ...kept], notes);
  const taken = [...own, grouped.column, ...kept];
  const times = timeColumns(
    columns.filter((name) => !taken.includes(name)),
    path,
    options,
  );
  const used = [...own, grouped.column, times?.start.name, times?.end.name];
  const rest = columns.filter((name) => name !== '' && !used.includes(name));
  const metadata = options.metadataColumns ?? rest;
  const ignored = rest.filter((name) => !metadata.includes(name));
  if (metadata.length > 0) notes.push(`Columns copied to clips.csv and not used otherwise: ${listed(metadata)}.`);
  if (ignored.length > 0) notes.push(`Columns left out: ${listed(ignored)}.`);
  if (columns.includes('')) notes.push('A column without a name is left out.');
  return { file, labels, group: grouped.column, grouping: grouped.grouping, split, times, metadata, notes };
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 24).map((name) => `'${name.slice(0, 60)}'`);
  return shown.join(', ') + (names.length > shown.length ? ` and ${names.length - shown.length} more` : '');
}

function need(columns: readonly string[], wanted: readonly string[], path: string, flag: string): void {
  const missing = wanted.find((name) => !columns.includes(name));
  if (missing === undefined) return;
  throw new OptionError({
    asked: `column '${missing}' of table '${path}'`,
    found: `no such column among ${columns.slice(0, 24).join(', ') || '(none)'}`,
    fix: `name the column with ${flag}`,
  });
}

/** The words of a column's name: `onset_ms`, `Onset (ms)` and `onsetMs` have the same ones. */
function wordsOf(name: string): string[] {
  const spaced = name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return spaced.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
}

/** Column names for the person who is heard, the most likely first. */
const personNames = [
  ...['group', 'person', 'patient', 'subject', 'participant', 'speaker', 'individual', 'user', 'child', 'animal'],
  ...['pid', 'subj', 'spk', 'mrn'],
];
/** Column names for the recording that clips were cut from. */
const recordingNames = ['recording', 'session', 'video'];
const numberWords = ['id', 'no', 'nr', 'number', 'code', 'name'];

/** A column's name without words such as `id`. */
function plainName(name: string): string {
  const words = wordsOf(name).filter((word) => !numberWords.includes(word));
  const joined = words.join('');
  return joined.length > 2 ? joined.replace(/id$/, '') || joined : joined;
}

function groupColumn(
  table: Table,
  path: string,
  { groupColumn: asked }: PlanOptions,
  taken: readonly (string | undefined)[],
  notes: string[],
): { column?: string; grouping: Grouping } {
  const { columns, rows } = table;
  if (asked === 'none' && !columns.includes('none')) return { grouping: { state: 'none' } };
  if (asked !== undefined) {
    need(columns, [asked], path, `${columnFlags.group}, or pass none if no two clips share a person`);
    return { column: asked, grouping: { state: 'named', by: asked } };
  }
  const free = columns.filter((name) => !taken.includes(name));
  const people = personNames.flatMap((person) => free.filter((name) => plainName(name) === person));
  const recordings = recordingNames.flatMap((recording) => free.filter((name) => plainName(name) === recording));
  // A different recording in every row says nothing about people.
  const shared = recordings.filter((name) => new Set(rows.map((row) => row.get(name))).size < rows.length);
  const [column, ...others] = [...people, ...shared];
  if (column === undefined) return { grouping: { state: 'unknown' } };
  if (column !== 'group') {
    const more = others.length > 0 ? `, not ${listed(others)}` : '';
    notes.push(`Clips are grouped by column '${column}'${more}; choose another with --group-column.`);
  }
  return { column, grouping: { state: 'named', by: column } };
}

const startNames = ['onset', 'start', 'begin', 'starttime', 'begintime', 'onsettime', 'tstart', 'tmin', 'startat'];
const endNames = ['offset', 'end', 'stop', 'endtime', 'stoptime', 'offsettime', 'tend', 'tmax', 'endat'];
const durationNames = ['duration', 'dur'];
const seconds: Readonly<Record<string, number>> = {
  ...{ s: 1, sec: 1, secs: 1, second: 1, seconds: 1 },
  ...{ ms: 1e-3, msec: 1e-3, msecs: 1e-3, millisecond: 1e-3, milliseconds: 1e-3 },
};
/** Units that cannot be converted without knowing more than the table. */
const otherUnits = ['sample', 'samples', 'frame', 'frames', 'min', 'minutes'];

interface NamedTime {
  readonly name: string;
  readonly base: string;
  /** Seconds per unit; undefined if the name has no unit. */
  readonly unit?: number;
  readonly otherUnit?: string;
}

function namedTime(name: string): NamedTime {
  const words = wordsOf(name);
  const last = words.at(-1) ?? '';
  const [first] = words;
  if (words.length > 1 && Object.hasOwn(seconds, last))
    return { name, base: words.slice(0, -1).join(''), unit: seconds[last] };
  if (words.length > 1 && otherUnits.includes(last))
    return { name, base: words.slice(0, -1).join(''), otherUnit: last };
  if (words.length > 1 && otherUnits.includes(first)) return { name, base: words.slice(1).join(''), otherUnit: first };
  return { name, base: words.join('') };
}

/** Time columns: both or none. A duration alone is the file's length and is not used here. */
function timeColumns(columns: readonly string[], path: string, options: PlanOptions): TimeColumns | undefined {
  const named = columns.map(namedTime);
  const starts = named.filter(({ base }) => startNames.includes(base));
  const ends = named.filter(({ base }) => endNames.includes(base));
  const durations = named.filter(({ base }) => durationNames.includes(base));
  const all = [...starts, ...ends];
  const fail = (found: string, fix: string) =>
    new TaskError({
      asked: `times in table '${path}'`,
      found,
      fix: `${fix}, or name the column in --metadata-column to keep it as it is`,
    });
  if (all.length === 0) {
    if (options.times === undefined && options.timeUnit === undefined) return undefined;
    throw fail(
      `no columns such as onset and offset among ${columns.slice(0, 24).join(', ') || 'the others'}`,
      'give them such names',
    );
  }
  const end = ends.length > 0 ? ends : durations;
  for (const same of [starts, end]) {
    if (same.length > 1)
      throw fail(`columns ${listed(same.map(({ name }) => name))} for the same time`, 'keep one of them');
  }
  if (starts.length === 0 || end.length === 0) {
    const [{ name }] = all;
    throw fail(
      `column '${name}' without one for ${starts.length === 0 ? 'the start' : 'the end or the duration'}`,
      starts.length === 0 ? 'add a column onset' : 'add a column offset or duration',
    );
  }
  const other = [...starts, ...end].find(({ otherUnit }) => otherUnit !== undefined);
  if (other !== undefined) throw fail(`column '${other.name}' in ${other.otherUnit}`, 'write the times in s or ms');
  const usual = options.timeUnit === 'ms' ? 1e-3 : 1;
  const column = ({ name, unit }: NamedTime): TimeColumn => ({ name, seconds: unit ?? usual });
  return {
    start: column(starts[0]),
    end: { ...column(end[0]), isDuration: ends.length === 0 },
    unitSaid: options.timeUnit !== undefined || [starts[0], end[0]].every(({ unit }) => unit !== undefined),
  };
}
