/** JSON, tables and comparisons have no use for NaN and infinity: such a score is undefined. */
export function definedOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
