import { expect } from 'vitest';

/**
 * The agreement that the fixtures ask for, max |a - b| <= 1e-4 + 1e-3 max |b|, or a closer one.
 * With SHOW_DIFFERENCES set, every difference is printed.
 *
 * @param what says in that print what was compared
 */
export function expectClose(
  what: string,
  actual: Float32Array | Float64Array,
  expected: Float32Array,
  allowed?: number,
): void {
  expect(actual.length).toBe(expected.length);
  let difference = 0;
  let largest = 0;
  for (let index = 0; index < expected.length; index += 1) {
    difference = Math.max(difference, Math.abs(actual[index] - expected[index]));
    largest = Math.max(largest, Math.abs(expected[index]));
  }
  if (process.env.SHOW_DIFFERENCES) console.log(what, expected.length, difference, largest);
  expect(difference).toBeLessThanOrEqual(allowed ?? 1e-4 + 1e-3 * largest);
}
