import { isRecord } from './json.js';

/** An object of parsed JSON that anyone may have written; an empty one where it is none. */
export function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

/** A finite number of such JSON; null where it is none. */
export function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/**
 * A text of such JSON as one line, without control characters and the marks that turn the writing direction; empty where it is
 * no text.
 *
 * @param most characters that are read of it
 */
export function lineOf(value: unknown, most: number): string {
  if (typeof value !== 'string') return '';
  return value
    .slice(0, most)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
}
