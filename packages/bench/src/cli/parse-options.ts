import { InvalidArgumentError } from 'commander';

/** A parser for commander: a whole number from `least` to `most`. */
export function wholeNumber(least: number, most: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    const range = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `${least} to ${most}`;
    throw new InvalidArgumentError(`Not a whole number of ${range}.`);
  };
}

/** A parser for commander: a number of folds, at least 3, or 1 for a single division. */
export function foldNumber(text: string): number {
  if (text === '1') return 1;
  if (/^\d+$/.test(text) && Number(text) >= 3 && Number(text) <= 100) return Number(text);
  throw new InvalidArgumentError('Neither 1 nor a whole number from 3 to 100.');
}

/** A parser for commander: a number of Hz, not necessarily whole. */
export function hertz(text: string): number {
  const value = Number(text);
  if (/^\d+(?:\.\d+)?$/.test(text) && value > 0 && value <= 10_000_000) return value;
  throw new InvalidArgumentError('Not a number of Hz over 0 such as 500 or 499.31.');
}

/** A parser for commander: a whole number from 1, or a share between 0 and 1. */
export function componentsOrShare(text: string): number {
  const value = Number(text);
  if (/^[\d.]+$/.test(text) && (Number.isSafeInteger(value) ? value >= 1 : value > 0 && value < 1)) return value;
  throw new InvalidArgumentError('Neither a whole number of 1 or more nor a share between 0 and 1 such as 0.99.');
}

/** A parser for commander: a share over 0 and up to 1. */
export function share(text: string): number {
  const [value, ...more] = shares(text);
  if (more.length === 0) return value;
  throw new InvalidArgumentError('More than one share.');
}

/** A parser for commander: shares over 0 and up to 1, separated by commas. */
export function shares(text: string): number[] {
  const values = text.split(',').map((part) => (/^[\d.]+$/.test(part.trim()) ? Number(part) : Number.NaN));
  if (values.every((value) => value > 0 && value <= 1)) return [...new Set(values)];
  throw new InvalidArgumentError('Not shares over 0 and up to 1 such as 0.0625,0.25,1.');
}

/** A parser for commander: a number of seconds, up to a day. */
export function seconds(text: string): number {
  const value = Number(text);
  if (/^\d+(?:\.\d+)?$/.test(text) && value <= 86_400) return value;
  throw new InvalidArgumentError('Not a number of seconds.');
}

/** A parser for commander: a JSON object. */
export function jsonObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InvalidArgumentError(`Not JSON (${(error as Error).message}).`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new InvalidArgumentError('Not a JSON object such as {"features":["b5"]}.');
}
