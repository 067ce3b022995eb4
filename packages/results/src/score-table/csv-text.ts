import { csvLine } from '@hearken/tasks/internal';

/** Numbers as they are written to a CSV file. */
export interface NumberTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** A terminal that shows the file must not obey what is in it. */
function plain(text: string): string {
  return text.replace(/[^\P{Cc}\t\n\r]|\p{Cs}/gu, '\ufffd');
}

/**
 * A table as CSV (RFC 4180). A text that a spreadsheet would take for a formula is led in by an apostrophe: names come
 * from files that anyone may have written.
 */
export function csvText({ columns, rows }: NumberTable): string {
  const safe = (cell: string | number | null) =>
    typeof cell === 'string' ? plain(/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell) : (cell ?? '');
  return [columns, ...rows].map((row) => csvLine(row.map(safe))).join('');
}
