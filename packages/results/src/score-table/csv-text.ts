import { csvLine } from '@hearken/tasks/internal';

/** A table for a CSV file. */
export interface NumberTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** Replaces control characters, so that a terminal showing the file doesn't interpret them. */
function plain(text: string): string {
  return text.replace(/[^\P{Cc}\t\n\r]|\p{Cs}/gu, '\ufffd');
}

/**
 * A table as CSV (RFC 4180). Text that a spreadsheet would take for a formula is prefixed with an apostrophe, as names come
 * from untrusted files.
 */
export function csvText({ columns, rows }: NumberTable): string {
  const safe = (cell: string | number | null) =>
    typeof cell === 'string' ? plain(/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell) : (cell ?? '');
  return [columns, ...rows].map((row) => csvLine(row.map(safe))).join('');
}
