import { HearkenError } from '@hearken/core';
import { hasFailed, type TaskOutcome } from '../run/benchmark.js';

/** Everything was done. */
export const done = 0;
/** Some tasks or checks failed; the results of the others are kept. */
export const someFailed = 1;
/** The options or the input are wrong: nothing was done. */
export const refused = 2;
/** Ctrl-C, as in shells: 128 plus the signal's number. */
export const interrupted = 130;
export const terminated = 143;

/** The process of a worker has ended: that may be the machine's fault. */
const processEnded = 'process-ended';

function isRefusal(error: Error): boolean {
  return error instanceof HearkenError && error.reason !== processEnded;
}

/** 1 if some inputs failed. 2 if all failed because of what they were given, as for other wrong input. */
export function statusOf(outcomes: readonly TaskOutcome[]): number {
  const failed = outcomes.filter(hasFailed);
  if (failed.length === 0) return done;
  const allRefused = failed.length === outcomes.length && failed.every(({ error }) => isRefusal(error));
  return allRefused ? refused : someFailed;
}
