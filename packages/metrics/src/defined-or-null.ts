/** NaN and infinity are useless in JSON, tables and comparisons: such a score is undefined. */
export function definedOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
