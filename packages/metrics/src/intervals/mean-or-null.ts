import { mean } from '../statistics/summary.js';

/** Null if one of the values is undefined: a mean over the others would be the mean of something else. */
export function meanOrNull(values: readonly (number | null)[]): number | null {
  const defined = values.filter((value) => value !== null);
  return defined.length === values.length ? mean(defined) : null;
}
