import { isHearkenError } from '@hearken/core';
import { thrownText } from '../plugins/thrown-text.js';
import type { Finding } from './finding.js';

/** What the finding of a failed check says. */
export type Problem = Required<Pick<Finding, 'expected' | 'found' | 'fix'>>;

/** What an error means for the author of a plugin. */
export function whatWentWrong(error: unknown): Problem {
  if (isHearkenError(error)) return { expected: error.asked, found: error.found, fix: error.fix };
  return {
    expected: 'a result, or an error of @hearken/core',
    found: thrownText(error),
    fix: 'fix what the plugin throws there',
  };
}

/** Two errors are the same mistake if their texts are equal apart from numbers. */
export function reasonsOf(error: unknown): string[] {
  const reasons: string[] = [];
  for (let current = error; current instanceof Error && reasons.length < 4; current = current.cause) {
    const words = isHearkenError(current)
      ? [current.code, current.asked, current.found, current.fix]
      : [current.name, current.message];
    reasons.push(words.join('\n').replace(/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi, '#'));
  }
  return reasons.length === 0 ? [String(error)] : reasons;
}
