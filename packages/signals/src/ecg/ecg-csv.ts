import { AudioError } from '@hearken/core';
import type { parse as csvParse } from 'csv-parse/browser/esm/sync';
import { csvFailure, tableText } from '@hearken/core/internal';
import { chooseSignals } from './choose-signals.js';
import { type CsvColumn, isUnit, parseColumn, unquoted } from './ecg-csv-columns.js';
import { type DecimalMark, decimalMarkOf, isGap, isNumber, numberOf } from './ecg-csv-numbers.js';
import { rateOfTimes } from './ecg-csv-times.js';
import { checkSize, type EcgRecord, millivolts } from './ecg-record.js';
import { type EcgWarning, warningFields } from './ecg-warnings.js';

/** Far longer than any lead's name; matching may take more than linear time. */
const longestName = 256;

/** Splits the cells: `parse` of `csv-parse/sync` on Node.js, where it is several times faster, or of the browser build. */
export type CsvParse = typeof csvParse;

/** How to read a table. */
export interface ParseCsvOptions {
  /** Sample rate in Hz; needed if there is no time column, and overrides one. */
  readonly sampleRate?: number;
  /** Leads to read; other columns may contain anything. Default: all. */
  readonly leads?: readonly string[];
}

/**
 * Parses an ECG as text: a header with the names of the leads, then one row per sample, separated by commas, semicolons
 * or tabs. A unit may follow a name, as in `V1 (uV)` or `V1_uV`, or be in a second line, as written by LightWAVE and by
 * `rdsamp` of the WFDB software; the default is mV. An empty cell, `-` or `NaN` is a gap. If cells are not separated by
 * commas, numbers may have a decimal comma. A column of times gives the sample rate (numbers in seconds unless there is
 * another unit, clock times, dates with times); one that counts samples is left out. Lines before the table that begin
 * with `#` are comments.
 *
 * @param parse splits the cells
 * @param text the file's content
 * @param path the file's name in errors
 * @throws AudioError naming the row and the lead
 */
export function parseEcgCsvWith(
  parse: CsvParse,
  text: string,
  path: string,
  { sampleRate, leads }: ParseCsvOptions = {},
): EcgRecord {
  const fail: Fail = (found, fix, cause) => new AudioError({ asked: `ECG of '${path}' as CSV`, found, fix, cause });
  const { columns, rows, header, firstRow, delimiter } = parseRows(parse, text, fail);
  if (columns.every(({ kind }) => kind !== 'lead') || columns.some(({ name }) => isNumber(name))) {
    throw fail(`a first line ${JSON.stringify(header.slice(0, 60))}`, 'begin with a header line of lead names');
  }
  if (rows.length < 2) throw fail(`${rows.length} rows of samples`, 'write one row per sample');
  const warnings: EcgWarning[] = [];
  const signals = columns.flatMap(({ kind, name, unit }, place) =>
    kind === 'lead' ? [{ name, units: unit === '' ? 'mV' : unit, rate: 1, place }] : [],
  );
  const numeric = leads === undefined ? withNumbers(signals, rows, warnings) : signals;
  const chosen = chooseSignals(numeric, leads, path, warnings);
  checkSize(path, chosen.length, rows.length);
  const mark = markOf(rows, chosen, columns, delimiter, fail);
  const signal = new Float32Array(chosen.length * rows.length);
  for (const [index, { name, units, place }] of chosen.entries()) {
    const factor = millivolts(units) ?? NaN;
    for (const [row, cells] of rows.entries()) {
      const cell = cells[place];
      const value = isGap(cell) ? NaN : numberOf(cell, mark);
      if (value === undefined) {
        const where = `in row ${row + firstRow}, column ${name}`;
        throw fail(
          `${JSON.stringify(cell.slice(0, 40))} ${where}`,
          'write numbers with a decimal point, and leave gaps empty or write NaN',
        );
      }
      signal[index * rows.length + row] = factor * value;
    }
  }
  const rate = rateOf(rows, columns, sampleRate, mark, warnings, fail);
  return { leads: chosen.map(({ name }) => name), sampleRate: rate, signal, ...warningFields(warnings) };
}

type Fail = (found: string, fix: string, cause?: unknown) => AudioError;

interface ParsedRows {
  readonly columns: readonly CsvColumn[];
  /** Cells without surrounding quotes and spaces. */
  readonly rows: readonly (readonly string[])[];
  readonly header: string;
  /** The row number of the first of these rows, counted from 1. */
  readonly firstRow: number;
  readonly delimiter: string;
}

function parseRows(parse: CsvParse, text: string, fail: Fail): ParsedRows {
  const table = tableText(text);
  // Single quotes count as quotes if the header uses them around its names, without double ones.
  const isSingle = /(?:^|[,;\t])\s*'/.test(table.firstLine) && !table.firstLine.includes('"');
  let parsed: string[][];
  try {
    parsed = parse(table.text, {
      bom: true,
      delimiter: table.delimiter,
      quote: isSingle ? "'" : '"',
      comment: '#',
      comment_no_infix: true,
      skip_empty_lines: true,
      trim: true,
      max_record_size: 65_536,
    });
  } catch (cause) {
    const { found, fix } = csvFailure(cause, table.firstLine.split(table.delimiter).length);
    throw fail(found, `${fix}: a header of lead names, then one row per sample`, cause);
  }
  const [names = [], ...rest] = parsed;
  const long = names.find((name) => name.length > longestName);
  if (long !== undefined) throw fail(`a name of ${long.length} characters`, 'begin with a header line of lead names');
  const named = names.map(parseColumn);
  const units = rest.length === 0 ? [] : rest[0].map(unquoted);
  const hasUnits = units.some(isUnit) && units.every((cell) => isGap(cell) || numberOf(cell, '.') === undefined);
  const columns = hasUnits ? named.map((column, place) => ({ ...column, unit: units[place] || column.unit })) : named;
  return {
    columns,
    rows: hasUnits ? rest.slice(1) : rest,
    header: table.firstLine,
    firstRow: hasUnits ? 3 : 2,
    delimiter: table.delimiter,
  };
}

/** The possible leads, without columns of text. */
function withNumbers<Signal extends { readonly name: string; readonly place: number }>(
  signals: readonly Signal[],
  rows: readonly (readonly string[])[],
  warnings: EcgWarning[],
): Signal[] {
  return signals.filter(({ name, place }) => {
    const isText = rows.every((cells) => isGap(cells[place]) || !/^[-+]?[\d.,]/.test(cells[place]));
    const isEmpty = rows.every((cells) => isGap(cells[place]));
    if (!isText || isEmpty) return true;
    warnings.push({ reason: 'left-out-signal', text: `Column ${name} was left out: it holds text.` });
    return false;
  });
}

function markOf(
  rows: readonly (readonly string[])[],
  chosen: readonly { readonly place: number }[],
  columns: readonly CsvColumn[],
  delimiter: string,
  fail: Fail,
): DecimalMark {
  if (delimiter === ',') return '.';
  const time = columns.findIndex(({ kind }) => kind === 'time');
  const places = [...chosen.map(({ place }) => place), ...(time < 0 ? [] : [time])];
  function* cells() {
    for (const row of rows) for (const place of places) if (!row[place].includes(':')) yield row[place];
  }
  const mark = decimalMarkOf(cells());
  if (mark !== undefined) return mark;
  throw fail(
    'commas in numbers, which may be decimal commas or thousands separators',
    'write numbers with a decimal point and no thousands separator',
  );
}

function rateOf(
  rows: readonly (readonly string[])[],
  columns: readonly CsvColumn[],
  asked: number | undefined,
  mark: DecimalMark,
  warnings: EcgWarning[],
  fail: Fail,
): number {
  const times = columns.flatMap(({ kind, unit }, place) =>
    kind === 'time'
      ? [
          rateOfTimes(
            rows.map((cells) => unquoted(cells[place])),
            unit,
            mark,
          ),
        ]
      : [],
  );
  const told = times.find((one) => 'rate' in one);
  if (asked === undefined) {
    if (told !== undefined) return told.rate;
    const [first] = times;
    const found = first !== undefined && 'found' in first ? first.found : 'no sample rate';
    throw fail(found, 'pass the sample rate, or add a column time in seconds');
  }
  if (told !== undefined && Math.abs(told.rate - asked) > 0.01 * asked) {
    warnings.push({
      reason: 'sample-rate',
      text: `Its times give ${Number(told.rate.toPrecision(6))} Hz, but ${asked} Hz was passed and is used.`,
    });
  }
  return asked;
}
