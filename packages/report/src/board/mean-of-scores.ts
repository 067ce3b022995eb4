import { bestHear2021Score } from '@hearken/results/internal';
import type { HearTitle } from '@hearken/tasks';
import { mean } from '@hearken/metrics';
import type { BoardMean, BoardScore } from './leaderboard.js';

/**
 * The mean over a model's HEAR tasks. The interval (of the normalised score only) treats the tasks' intervals as
 * independent: the half widths are combined as the square root of the sum of squares. Published rows have none.
 */
export function meanOfScores(
  scores: ReadonlyMap<string, BoardScore>,
  kind: 'normalized' | 'standardized',
): BoardMean | null {
  const counted = [...scores].filter(([, score]) => score[kind] !== null);
  if (counted.length === 0) return null;
  const value = mean(counted.map(([, score]) => score[kind]!));
  const halves = counted.map(([title, { low, high }]) =>
    low === null || high === null ? null : (high - low) / 2 / bestHear2021Score(title as HearTitle).score,
  );
  const known = kind === 'normalized' && halves.every((half) => half !== null);
  const half = known ? Math.hypot(...halves) / counted.length : null;
  return {
    value,
    low: half === null ? null : value - half,
    high: half === null ? null : value + half,
    tasks: counted.length,
  };
}
