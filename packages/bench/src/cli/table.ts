import Table from 'cli-table3';
import { printable } from './printable.js';

/**
 * Rows under headings, framed, without colours; columns in `numbers` are right-aligned. Names are untrusted: control
 * characters in them are shown as escapes.
 */
export function tableText(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numbers: readonly string[] = [],
): string {
  const table = new Table({
    head: head.map(printable),
    style: { head: [], border: [], compact: true },
    colAligns: head.map((name) => (numbers.includes(name) ? 'right' : 'left')),
  });
  table.push(...rows.map((row) => row.map(printable)));
  return `${table.toString()}\n`;
}
