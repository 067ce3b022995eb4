import type { Metric } from '@hearken/metrics';
import { scoringKind, type TestAnswers } from '@hearken/metrics/internal';
import { readScoredResult, type ScoredResult } from './read-scored-result.node.js';

/** What of the answers is kept: those of many models may be too much to hold together. */
const mostHeldBytes = 2 ** 28;

/**
 * Reads results that are asked for again and again, as each is in several pairs, once each, as far as they fit into memory
 * together.
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

/** About what the answers take in memory. */
function bytesOf(answers: readonly TestAnswers[]): number {
  return answers.reduce((sum, fold) => sum + scoringKind(fold).byteLength(fold), 0);
}
