import type { ErrorParts } from './errors.js';

/**
 * Whether an error is one of Hearken's, told by its shape: a plugin may bring its own copy of this package, whose errors
 * are of other classes.
 */
export function isHearkenError(error: unknown): error is Error & Readonly<ErrorParts> & { readonly code: string } {
  if (!(error instanceof Error)) return false;
  const parts = error as Partial<Record<'asked' | 'found' | 'fix' | 'code', unknown>>;
  return [parts.asked, parts.found, parts.fix, parts.code].every((part) => typeof part === 'string');
}
