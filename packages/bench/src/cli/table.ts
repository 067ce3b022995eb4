import Table from 'cli-table3';

/** Rows under headings, framed, without colours; columns named in `numbers` are flush right. */
export function tableText(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numbers: readonly string[] = [],
): string {
  const table = new Table({
    head: [...head],
    style: { head: [], border: [], compact: true },
    colAligns: head.map((name) => (numbers.includes(name) ? 'right' : 'left')),
  });
  table.push(...rows.map((row) => [...row]));
  return `${table.toString()}\n`;
}
