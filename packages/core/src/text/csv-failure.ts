/** The part of the errors of `csv-parse` that is used here. */
interface CsvError {
  readonly code?: unknown;
  readonly lines?: unknown;
  readonly record?: unknown;
}

/**
 * What is wrong with a table that `csv-parse` refuses, worded for users of the table; its own messages are for
 * programmers.
 *
 * @param cause what it threw
 * @param columns number of cells that a row must have, if known
 */
export function csvFailure(cause: unknown, columns?: number): { found: string; fix: string } {
  const { code, lines, record } = cause as CsvError;
  const where = typeof lines === 'number' ? `line ${lines}` : 'a line';
  switch (code) {
    case 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH':
    case 'CSV_RECORD_INCONSISTENT_COLUMNS': {
      const cells = Array.isArray(record) ? record.length : 'a different number of';
      return {
        found: `${cells} cells in ${where}${columns === undefined ? ', unlike the lines before' : ` under ${columns} columns`}`,
        fix: 'give every line the same number of cells as the header; quote cells that contain the delimiter',
      };
    }
    case 'CSV_QUOTE_NOT_CLOSED':
      return {
        found: `a quotation mark that is never closed`,
        fix: 'close it, or double it if it is part of the text',
      };
    case 'CSV_INVALID_CLOSING_QUOTE':
    case 'INVALID_OPENING_QUOTE':
    case 'CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE':
      return {
        found: `a quotation mark inside a cell of ${where}`,
        fix: 'quote the whole cell, and double quotation marks in it',
      };
    case 'CSV_MAX_RECORD_SIZE':
      return { found: `${where}, longer than any row of a table`, fix: 'pass a table with one row per line' };
    default:
      return { found: 'not a table of separated values', fix: 'write it as CSV' };
  }
}
