import { csvLine } from '../../datasets/csv-line.js';
import type { NumberTable } from '../pictures/picture.js';

/**
 * A table as CSV (RFC 4180). A text that a spreadsheet would take for a formula is led in by an apostrophe: names come
 * from files that anyone may have written.
 */
export function csvText({ columns, rows }: NumberTable): string {
  const safe = (cell: string | number | null) =>
    typeof cell === 'string' && /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : (cell ?? '');
  return [columns, ...rows].map((row) => csvLine(row.map(safe))).join('');
}
