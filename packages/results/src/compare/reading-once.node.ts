import type { Metric } from '@hearken/metrics';
import { scoringKind, type TestAnswers } from '@hearken/metrics/internal';
import { readScoredResult, type ScoredResult } from './read-scored-result.node.js';

/** How much is kept in memory: the answers of many models may not fit together. */
const mostHeldBytes = 2 ** 28;

/**
 * Reads each result only once, although each occurs in several pairs, as far as they fit into memory together.
 *
 * @param custom custom metrics
 */
export function readingOnce(custom: readonly Metric[]): (path: string) => Promise<ScoredResult> {
  const known = new Map<string, ScoredResult>();
  let heldBytes = 0;
  return async (path) => {
    const held = known.get(path);
    if (held !== undefined) return held;
    const result = await readScoredResult(path, custom);
    const bytes = bytesOf(result.answers);
    if (heldBytes + bytes > mostHeldBytes) return result;
    heldBytes += bytes;
    known.set(path, result);
    return result;
  };
}

/** Approximate size of the answers in memory. */
function bytesOf(answers: readonly TestAnswers[]): number {
  return answers.reduce((sum, fold) => sum + scoringKind(fold).byteLength(fold), 0);
}
