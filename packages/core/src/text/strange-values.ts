import { isRecord } from './json.js';

/** An object in untrusted parsed JSON; an empty one if the value is not an object. */
export function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

/** A finite number in untrusted parsed JSON; null if the value is not one. */
export function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/**
 * A string in untrusted parsed JSON as one line, without control characters and marks that change the writing
 * direction; empty if the value is not a string.
 *
 * @param most how many characters to read
 */
export function lineOf(value: unknown, most: number): string {
  if (typeof value !== 'string') return '';
  return value
    .slice(0, most)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
}
