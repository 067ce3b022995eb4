/** Text of a table, ready for a parser of separated values. */
export interface TableText {
  /** The text; what was no row of the table is an empty line, so that line numbers stay. */
  readonly text: string;
  /** Between the cells. */
  readonly delimiter: ',' | ';' | '\t';
  /** The first line of the table, its header as a rule. */
  readonly firstLine: string;
}

const delimiters = [',', ';', '\t'] as const;

/**
 * Prepares a CSV or TSV: comment lines (`#`) in front of the table and Excel's `sep=;` become empty lines, and the delimiter
 * is the one that the first line has most of, quoted cells left out.
 *
 * @param text as {@link decodeText} gives it
 */
export function tableText(text: string): TableText {
  let start = text.startsWith('\uFEFF') ? 1 : 0;
  let breaks = '';
  let said: string | undefined;
  let firstLine = '';
  while (start < text.length) {
    const end = endOfLine(text, start);
    const line = text.slice(start, end);
    const plain = line.trim();
    if (plain !== '' && !plain.startsWith('#') && !separatorLine.test(plain)) {
      firstLine = line;
      break;
    }
    said = separatorLine.exec(plain)?.[1] ?? said;
    const next = text.startsWith('\r\n', end) ? end + 2 : Math.min(end + 1, text.length);
    breaks += text.slice(end, next);
    start = next;
  }
  const delimiter = delimiters.find((one) => one === said) ?? delimiterOf(firstLine);
  return { text: breaks + text.slice(start), delimiter, firstLine };
}

/** How Excel is told the delimiter. */
const separatorLine = /^sep=(.)?$/i;

function endOfLine(text: string, start: number): number {
  const lineBreak = /[\r\n]/g;
  lineBreak.lastIndex = start;
  return lineBreak.exec(text)?.index ?? text.length;
}

/** Comma, semicolon or tab, whichever the line has most of outside quotes. */
function delimiterOf(line: string): TableText['delimiter'] {
  const unquoted = line.replace(/"(?:[^"]|"")*"/g, '');
  const counted = delimiters.map((one) => ({ one, count: unquoted.split(one).length }));
  return counted.reduce((best, other) => (other.count > best.count ? other : best)).one;
}
