import Table from 'cli-table3';

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

/**
 * Makes untrusted text safe for a terminal: characters that would move the cursor, change colours or turn the writing
 * direction are shown as escapes.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (mark) => {
    if (mark === '\n') return mark;
    const code = mark.codePointAt(0) ?? 0;
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}
