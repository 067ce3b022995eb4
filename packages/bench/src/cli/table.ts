import Table from 'cli-table3';
import { printable } from './printable.js';

/**
 * Rows under headings, framed, without colours; columns named in `numbers` are flush right. Names in it may be a stranger's:
 * what a terminal would obey is shown instead.
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
