/** The arithmetic mean; NaN for no values. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) sum += values[index];
  return sum / values.length;
}

/** The sample standard deviation, with n - 1 in the denominator as in pandas; NaN for fewer than two values. */
export function standardDeviation(values: ArrayLike<number>): number {
  const centre = mean(values);
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) sum += (values[index] - centre) ** 2;
  return values.length < 2 ? Number.NaN : Math.sqrt(sum / (values.length - 1));
}

/**
 * The value below which the share `level` of the sorted values lies, interpolated linearly between neighbours (NumPy's
 * default).
 *
 * @param sorted ascending, at least one value
 */
export function quantile(sorted: ArrayLike<number>, level: number): number {
  const position = level * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}

/** NaN and infinity are useless in JSON, tables and comparisons: such a score is undefined. */
export function definedOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Null if one of the values is undefined: a mean over the others would be the mean of something else. */
export function meanOrNull(values: readonly (number | null)[]): number | null {
  const defined = values.filter((value) => value !== null);
  return defined.length === values.length ? mean(defined) : null;
}
