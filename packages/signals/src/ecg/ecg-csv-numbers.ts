/** Cells of missing values; `rdsamp` of the WFDB software writes `-`. */
const gaps = new Set(['', '-', 'nan', 'na', 'n/a', '#n/a', 'null', 'none', '.']);

/** Whether a cell means a missing value. */
export function isGap(cell: string): boolean {
  return gaps.has(cell.toLowerCase());
}

/** Whether a cell is a number with a decimal point. */
export function isNumber(text: string): boolean {
  return /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?$/.test(text);
}

/** Digits after the decimal mark, minus the exponent: the number's precision is `10 ** -decimalsOf(text)`. */
export function decimalsOf(text: string): number {
  const [, digits = '', exponent = '0'] =
    /[.,](\d*)(?:[eE]([-+]?\d+))?$/.exec(text) ?? /()[eE]([-+]?\d+)$/.exec(text) ?? [];
  return digits.length - Number(exponent);
}

/** Number format of a table. */
export type DecimalMark = '.' | ',';

/**
 * The decimal mark of a table whose cells are not separated by commas: the comma, if some numbers have one, none has a
 * point, and not all of them could be thousands (`1,234`).
 *
 * @param cells all cells that are not gaps
 * @returns undefined if it is ambiguous
 */
export function decimalMarkOf(cells: Iterable<string>): DecimalMark | undefined {
  let [points, commas, thousands] = [0, 0, 0];
  for (const cell of cells) {
    if (cell.includes(',')) {
      commas += 1;
      if (/^[-+]?[1-9]\d{0,2}(?:,\d{3})+$/.test(cell)) thousands += 1;
    } else if (cell.includes('.')) points += 1;
  }
  if (commas === 0) return '.';
  return points === 0 && thousands < commas ? ',' : undefined;
}

/** The number in a cell with this decimal mark; undefined for anything else. */
export function numberOf(cell: string, mark: DecimalMark): number | undefined {
  const text = mark === ',' ? withPoint(cell) : cell;
  return isNumber(text) ? Number(text) : undefined;
}

function withPoint(cell: string): string {
  // A second comma is kept and makes the cell invalid as a number.
  return cell.includes('.') ? '' : cell.replace(',', '.');
}
