import { findStandardLead } from '@hearken/core';
import { millivolts } from './ecg-record.js';

/** What a column of an ECG table contains, according to its name and unit. */
export interface CsvColumn {
  readonly kind: 'lead' | 'time' | 'index';
  /** Without its unit. */
  readonly name: string;
  /** As in the file; empty if there is none. */
  readonly unit: string;
}

/** Names of columns that count samples; pandas calls a column without a name `Unnamed: 0`. */
const indexNames = new Set([
  ...[
    '',
    '#',
    'sample',
    'samples',
    'sample #',
    'sample no',
    'sample no.',
    'sample nr',
    'sample number',
    'sample index',
  ],
  ...['index', 'idx', 'row', 'row number', 'row id', 'no', 'no.', 'nr', 'nr.', 'id'],
]);

/** Names of columns with times. */
const timeNames = new Set([
  ...['t', 'time', 'times', 'timestamp', 'timestamps', 'time stamp', 'elapsed', 'elapsed time', 'relative time'],
  ...['datetime', 'date time', 'date', 'time and date', 'date and time', 'clock', 'clock time', 'sample time', 'zeit'],
]);

const secondsOfUnits: Readonly<Record<string, number>> = {
  ...{ s: 1, sec: 1, secs: 1, second: 1, seconds: 1 },
  ...{ ms: 1e-3, msec: 1e-3, msecs: 1e-3, millisecond: 1e-3, milliseconds: 1e-3 },
  ...{ us: 1e-6, µs: 1e-6, μs: 1e-6, usec: 1e-6, microsecond: 1e-6, microseconds: 1e-6 },
  ...{ ns: 1e-9, nsec: 1e-9, nanosecond: 1e-9, nanoseconds: 1e-9 },
  ...{ min: 60, minute: 60, minutes: 60 },
};

/** Seconds per unit of time; undefined for anything else. */
export function secondsOf(unit: string): number | undefined {
  const plain = unit.trim().toLowerCase();
  return Object.hasOwn(secondsOfUnits, plain) ? secondsOfUnits[plain] : undefined;
}

/** A time format in a row of units: `hh:mm:ss.mmm`. */
const timePattern = /^(?:[hmsyd]{1,4}[:./T -]?){2,}(?:\.?[mfs]{1,6})?$/i;

/** Whether a cell in a row of units is one: of voltage, of time, or anything else that is not a number. */
export function isUnit(cell: string): boolean {
  return millivolts(cell) !== undefined || secondsOf(cell) !== undefined || timePattern.test(cell.trim());
}

/** @param text a cell of the header, such as `V1 (uV)`, `V1_uV`, `time_ms` */
export function parseColumn(text: string): CsvColumn {
  const { name, unit } = splitUnit(unquoted(text));
  const plain = name
    .toLowerCase()
    .replace(/[\s_]+/g, ' ')
    .trim();
  if (indexNames.has(plain) || /^unnamed: \d+$/.test(plain)) return { kind: 'index', name, unit };
  if (timeNames.has(plain)) return { kind: 'time', name, unit };
  // A column's name may be its unit alone.
  if (unit === '' && plain !== '' && secondsOf(plain) !== undefined) return { kind: 'time', name, unit: plain };
  return { kind: 'lead', name, unit };
}

function splitUnit(text: string): { name: string; unit: string } {
  const [, inBrackets, bracketed] = /^([^([]*)[([]\s*([^)\]]*?)\s*[)\]]$/.exec(text) ?? [];
  if (inBrackets !== undefined) return { name: inBrackets.trim(), unit: bracketed };
  const [, before, last] = /^(.*)[_\s/](\S+)$/.exec(text) ?? [];
  if (last === undefined) return { name: text, unit: '' };
  const name = before.trim().replace(/[_/,]+$/, '');
  const isTime = secondsOf(last) !== undefined && timeNames.has(name.toLowerCase().replace(/[\s_]+/g, ' '));
  // `ECG_V` may be a lead called V or a lead in volts.
  const isVoltage = millivolts(last) !== undefined && (last.length > 1 || findStandardLead(name) !== undefined);
  return isTime || isVoltage ? { name, unit: last } : { name: text, unit: '' };
}

/** Without surrounding quotes and spaces: some programs write single quotes. */
export function unquoted(text: string): string {
  const plain = text.trim();
  return plain.length > 1 && /^(['"]).*\1$/s.test(plain) ? plain.slice(1, -1).trim() : plain;
}
