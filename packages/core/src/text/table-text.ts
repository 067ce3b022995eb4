/** The text of a table, ready for a parser of separated values. */
export interface TableText {
  /** The text; lines that are not rows of the table are made empty, so that line numbers don't change. */
  readonly text: string;
  /** The character between cells. */
  readonly delimiter: ',' | ';' | '\t';
  /** The first line of the table, usually its header. */
  readonly firstLine: string;
}

const delimiters = [',', ';', '\t'] as const;

/**
 * Prepares a CSV or TSV: comment lines (`#`) before the table and Excel's `sep=;` become empty lines, and the delimiter
 * is the one that occurs most often in the first line outside quoted cells.
 *
 * @param text as returned by {@link decodeText}
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

/** The line by which a file tells Excel its delimiter. */
const separatorLine = /^sep=(.)?$/i;

function endOfLine(text: string, start: number): number {
  const lineBreak = /[\r\n]/g;
  lineBreak.lastIndex = start;
  return lineBreak.exec(text)?.index ?? text.length;
}

/** Comma, semicolon or tab, whichever occurs most often in the line outside quotes. */
function delimiterOf(line: string): TableText['delimiter'] {
  const unquoted = line.replace(/"(?:[^"]|"")*"/g, '');
  const counted = delimiters.map((one) => ({ one, count: unquoted.split(one).length }));
  return counted.reduce((best, other) => (other.count > best.count ? other : best)).one;
}
