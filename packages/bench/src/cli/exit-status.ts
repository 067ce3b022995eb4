import { HearkenError } from '@hearken/core';
import { hasFailed, type TaskOutcome } from '../run/benchmark.js';

/** Everything asked for was done. */
export const done = 0;
/** Some tasks or checks failed; what the others gave is kept. */
export const someFailed = 1;
/** The call or its input was wrong: nothing was done. */
export const refused = 2;
/** Ctrl-C, as shells have it: 128 and the signal's number. */
export const interrupted = 130;
export const terminated = 143;

/** Some failed: 1. All failed, each for what it was given: 2, as for any other wrong input. */
export function statusOf(outcomes: readonly TaskOutcome[]): number {
  const failed = outcomes.filter(hasFailed);
  if (failed.length === 0) return done;
  const allRefused = failed.length === outcomes.length && failed.every(({ error }) => error instanceof HearkenError);
  return allRefused ? refused : someFailed;
}
