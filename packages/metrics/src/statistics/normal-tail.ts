/**
 * The probability that a standard normal value is at least as far from 0 as `z`: the two-sided p-value, erfc(|z| / sqrt 2).
 * Below 3 by the series of the error function, above by the continued fraction of its complement.
 * Source: M. Abramowitz, I. Stegun, "Handbook of Mathematical Functions" (1964), 7.1.6 and 7.1.14.
 */
export function twoSidedTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  if (Number.isNaN(x)) return Number.NaN;
  if (x < 3) {
    let term = x;
    let sum = x;
    for (let step = 1; Math.abs(term) > 1e-17 * sum; step += 1) {
      term *= (2 * x * x) / (2 * step + 1);
      sum += term;
    }
    return Math.max(0, 1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum);
  }
  let fraction = x;
  for (let step = 100; step >= 1; step -= 1) fraction = x + step / 2 / fraction;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
}
