import { TaskError, didYouMean } from '@hearken/core';
import { parse } from 'csv-parse/sync';
import { csvFailure, tableText } from '@hearken/core/internal';

/** One row of a table; errors about it name the file and line. */
export interface TableRow {
  /** Line in the file, counted from 1. */
  readonly line: number;
  /** The line and its file, as text for errors. */
  readonly place: string;
  /** The cell of a column, trimmed; '' if there is no such column. */
  get(column: string): string;
  fail(found: string, fix: string): TaskError;
  /** Whether numbers may have a decimal comma: if cells are not separated by commas. */
  readonly decimalComma: boolean;
}

/** A parsed table: its columns, and its rows in order. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

export interface TableFormat {
  /** Columns that must exist. */
  readonly required?: readonly string[];
  /** Column names for a file without a header. */
  readonly columns?: readonly string[];
  /** Default: comma, semicolon or tab, whichever is most frequent in the first line. */
  readonly delimiter?: string;
}

interface CsvRow {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

/**
 * Parses a CSV or TSV with a header.
 *
 * @param text the file's content
 * @param path the file's name in errors
 * @throws TaskError naming the line, or the missing or duplicate column
 */
export function parseTable(text: string, path: string, format: TableFormat = {}): Table {
  const fail = (found: string, fix: string, cause?: unknown) =>
    new TaskError({ asked: `table '${path}'`, found, fix, cause });
  const table = tableText(text);
  let parsed: CsvRow[];
  const delimiter = format.delimiter ?? table.delimiter;
  try {
    parsed = parse(table.text, {
      bom: true,
      delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      max_record_size: 2 ** 20,
    }) as unknown as CsvRow[];
  } catch (cause) {
    const { found, fix } = csvFailure(cause);
    throw fail(found, `${fix}, or download the file again`, cause);
  }
  const columns = format.columns ?? parsed.shift()?.record ?? [];
  const twice = columns.find((name, index) => name !== '' && columns.indexOf(name) !== index);
  if (twice !== undefined) throw fail(`two columns '${twice}'`, 'name every column once');
  const missing = format.required?.find((name) => !columns.includes(name));
  if (missing !== undefined) {
    const found = `no column '${missing}' among ${columns.slice(0, 24).join(', ') || '(none)'}`;
    throw fail(found, `${didYouMean(missing, columns)}download the file again, or name the column`);
  }
  const places = new Map(columns.map((name, index) => [name, index]));
  const rows = parsed.map(({ record, info }): TableRow => {
    const asked = `line ${info.lines} of '${path}'`;
    if (record.length !== columns.length) {
      const found = `${record.length} cells for ${columns.length} columns`;
      throw new TaskError({ asked, found, fix: 'repair the line, or download the file again' });
    }
    return {
      line: info.lines,
      place: asked,
      get: (column) => {
        const place = places.get(column);
        return place === undefined ? '' : record[place];
      },
      fail: (found, fix) => new TaskError({ asked, found, fix }),
      decimalComma: delimiter !== ',',
    };
  });
  if (rows.length === 0) throw fail('no rows', 'download the file again');
  return { columns, rows };
}

/** The number in a cell. @throws TaskError naming the line */
export function numberIn(row: TableRow, column: string): number {
  const text = row.get(column);
  const value = Number(row.decimalComma && /^[-+]?\d+,\d+$/.test(text) ? text.replace(',', '.') : text);
  if (text !== '' && Number.isFinite(value)) return value;
  throw row.fail(`${JSON.stringify(text.slice(0, 40))} as ${column}`, 'write a number with a decimal point');
}

/**
 * Whether a cell is true (`1`, `1.0`, `true`, `y`, `yes`) or false; undefined if it is empty. @throws TaskError for
 * anything else
 */
export function yesOrNo(row: TableRow, column: string): boolean | undefined {
  const text = row.get(column).toLowerCase();
  if (['', 'na', 'nan'].includes(text)) return undefined;
  if (['1', '1.0', 'true', 't', 'y', 'yes', 'positive'].includes(text)) return true;
  if (['0', '0.0', 'false', 'f', 'n', 'no', 'negative'].includes(text)) return false;
  throw row.fail(`'${row.get(column).slice(0, 40)}' as ${column}`, 'write 1 or 0, or leave it empty');
}
