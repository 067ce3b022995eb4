import { AudioError } from '@hearken/core';
import type { parse as csvParse } from 'csv-parse/sync';
import { checkSize, type EcgRecord, maximumLeads, millivolts } from './ecg-record.js';

/** Far over what a lead is called; what matching it costs may grow faster than its length. */
const longestName = 256;

/** Names of a column that counts samples, or tells the time in seconds or milliseconds. */
const indexNames = ['', 'sample', 'samples', 'sample index', 'sample_index', 'index'];
const timeColumns: Readonly<Record<string, number>> = {
  t: 1,
  time: 1,
  timestamp: 1,
  s: 1,
  sec: 1,
  seconds: 1,
  ms: 1e-3,
  msec: 1e-3,
  milliseconds: 1e-3,
};

/** What tells cells apart: `parse` of `csv-parse/sync`, which is another module in a browser. */
export type CsvParse = typeof csvParse;

/**
 * Parses an ECG as text: a header with the names of the leads, then one row a sample, separated by commas, semicolons or
 * tabs. A unit may follow a name, as in `V1 (uV)` or `V1_uV`; without one it is mV. An empty cell, `nan` or `NaN` is a gap.
 * A column `time`, in seconds unless it has another unit, gives the sample rate; one that counts samples is left out.
 *
 * @param parse tells cells apart
 * @param text the file's content
 * @param path what errors call the file
 * @param sampleRate Hz; needed where there is no time column
 * @throws AudioError naming the row and the lead
 */
export function parseEcgCsvWith(parse: CsvParse, text: string, path: string, sampleRate?: number): EcgRecord {
  const fail = (found: string, fix: string, cause?: unknown) =>
    new AudioError({ asked: `ECG of '${path}' as CSV`, found, fix, cause });
  const header = /^\uFEFF?([^\r\n]*)/.exec(text)?.[1] ?? '';
  let rows: string[][];
  try {
    rows = parse(text, {
      bom: true,
      delimiter: delimiterOf(header),
      skip_empty_lines: true,
      trim: true,
      max_record_size: 65_536,
    });
  } catch (cause) {
    throw fail((cause as Error).message.slice(0, 200), 'write a header of lead names, and one row a sample', cause);
  }
  const long = rows[0]?.find((name) => name.length > longestName);
  if (long !== undefined) throw fail(`a name of ${long.length} characters`, 'begin with a header of lead names');
  const columns = (rows[0] ?? []).map(parseColumn);
  const [, ...samples] = rows;
  const leads = columns.flatMap(({ kind }, place) => (kind === 'lead' ? [place] : []));
  if (leads.length === 0 || leads.length > maximumLeads || columns.some(({ name }) => isNumber(name))) {
    throw fail(`a first line ${JSON.stringify(header.slice(0, 60))}`, 'begin with a header of lead names');
  }
  if (samples.length < 2) throw fail(`${samples.length} rows of samples`, 'write one row a sample');
  const unknown = columns.find(({ kind, factor }) => kind === 'lead' && factor === undefined);
  if (unknown !== undefined) throw fail(`lead ${unknown.name} in ${unknown.unit}`, 'write leads in mV, uV or V');
  checkSize(path, leads.length, samples.length);
  const signal = new Float32Array(leads.length * samples.length);
  const valueAt = (row: number, place: number) => {
    const cell = samples[row][place];
    if (cell === '' || /^nan$/i.test(cell)) return NaN;
    if (isNumber(cell)) return Number(cell);
    throw fail(
      `${JSON.stringify(cell.slice(0, 40))} in row ${row + 2}, column ${columns[place].name}`,
      'write numbers with a decimal point, and nothing or NaN for a gap',
    );
  };
  leads.forEach((place, index) => {
    const factor = columns[place].factor ?? 1;
    for (let row = 0; row < samples.length; row += 1)
      signal[index * samples.length + row] = factor * valueAt(row, place);
  });
  const time = columns.findIndex(({ kind }) => kind === 'time');
  const rate =
    sampleRate ?? (time < 0 ? undefined : rateOf(samples.length, (row) => valueAt(row, time), columns[time]));
  if (rate === undefined || !(rate > 0 && Number.isFinite(rate))) {
    throw fail(
      time < 0 ? 'no sample rate' : 'times that do not rise in equal steps',
      'pass the sample rate, or add a column time in seconds',
    );
  }
  return { leads: leads.map((place) => columns[place].name), sampleRate: rate, signal, warnings: [] };
}

interface Column {
  readonly kind: 'lead' | 'time' | 'index';
  readonly name: string;
  readonly unit: string;
  /** To mV, or to seconds; undefined for an unknown unit. */
  readonly factor: number | undefined;
}

function parseColumn(text: string): Column {
  const [, name = text, unit = ''] =
    /^(.*?)\s*[([]\s*([^\s)\]]+)\s*[)\]]$/.exec(text) ?? /^(.*?)_([munµμ]?V)$/i.exec(text) ?? [];
  const plain = name.trim().toLowerCase();
  if (indexNames.includes(plain)) return { kind: 'index', name, unit, factor: 1 };
  if (Object.hasOwn(timeColumns, plain)) {
    const ofUnit = Object.hasOwn(timeColumns, unit.toLowerCase()) ? timeColumns[unit.toLowerCase()] : undefined;
    return { kind: 'time', name, unit, factor: unit === '' ? timeColumns[plain] : ofUnit };
  }
  return { kind: 'lead', name: name.trim(), unit, factor: unit === '' ? 1 : millivolts(unit) };
}

/** From the first and the last time, if those between lie where they should; to a whole number where it is as near. */
function rateOf(count: number, timeAt: (row: number) => number, { factor }: Column): number | undefined {
  const first = timeAt(0);
  const step = (timeAt(count - 1) - first) / (count - 1);
  if (factor === undefined || !(step > 0)) return undefined;
  for (let row = 1; row < count; row += 1) {
    if (!(Math.abs(timeAt(row) - first - row * step) <= step / 2)) return undefined;
  }
  const rate = 1 / (step * factor);
  const whole = Math.round(rate);
  return Math.abs(rate - whole) <= 1e-3 * rate && whole > 0 ? whole : rate;
}

function delimiterOf(header: string): string {
  const counted = [',', ';', '\t'].map((one) => ({ one, count: header.split(one).length }));
  return counted.reduce((best, other) => (other.count > best.count ? other : best)).one;
}

function isNumber(text: string): boolean {
  return /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?$/.test(text);
}
