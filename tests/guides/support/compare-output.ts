/**
 * How far a score may be from the guide's: processors differ in the last bits, which can change the answer for a clip
 * of a small task.
 */
const tolerance = 0.05;

/**
 * Compares the output of a command with the output in a guide. `...` alone on a line stands for any lines, within a
 * line for any text; numbers with a decimal point may differ by 0.05; the widths of table columns do not matter.
 *
 * @returns undefined if they agree, else the first line of the guide that was not found, and what was there instead
 */
export function differenceOf(expected: string, printed: string): string | undefined {
  const wanted = linesOf(expected);
  const found = linesOf(printed);
  let from = 0;
  let maySkip = false;
  for (const line of wanted) {
    if (line === '...') {
      maySkip = true;
      continue;
    }
    const isLine = matcherOf(line);
    const last = maySkip ? found.length : from + 1;
    let place = from;
    while (place < last && !(place < found.length && isLine(found[place]))) place += 1;
    if (place >= last) return `the guide has '${line}', printed was '${found[from] ?? 'nothing more'}'`;
    from = place + 1;
    maySkip = false;
  }
  if (from < found.length && !maySkip) return `the guide ends, printed was '${found[from]}'`;
  return undefined;
}

/** Lines without the widths of columns: runs of spaces and of ruling characters count as one. */
function linesOf(text: string): string[] {
  const lines = text.split('\n').map((line) => line.replace(/─+/g, '─').replace(/\s+/g, ' ').trim());
  while (lines.length > 0 && lines[lines.length - 1] === '') lines.pop();
  return lines;
}

function matcherOf(line: string): (found: string) => boolean {
  const numbers: number[] = [];
  const pattern = line
    .split('...')
    .map((text) =>
      text
        .split(/((?<![\w.])[+-]?\d+\.\d+(?![\w.]))/)
        .map((part, index) => {
          if (index % 2 === 0) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
          numbers.push(Number(part));
          return String.raw`([+-]?\d+\.\d+)`;
        })
        .join(''),
    )
    .join('.*');
  const matcher = new RegExp(`^${pattern}$`);
  return (found) => {
    const match = matcher.exec(found);
    return match !== null && numbers.every((number, index) => Math.abs(Number(match[index + 1]) - number) <= tolerance);
  };
}
