/** Cells as one line of a CSV; cells with separators, quotes or line breaks are quoted. */
export function csvLine(cells: readonly (string | number)[]): string {
  const written = cells.map((cell) => {
    const text = String(cell);
    return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  });
  return `${written.join(',')}\n`;
}
