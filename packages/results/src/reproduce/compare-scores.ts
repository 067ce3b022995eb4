import type { Result, ResultFold } from '../format/result.js';

/** A number of a result beside the same number of another run. */
export interface ComparedScore {
  /** Name of the metric. */
  readonly metric: string;
  /** What it is: `mean`, `deviation`, `deviation over seeds`, `on fold02`, `seed 1`, `seed 1 on fold02`. */
  readonly of: string;
  /** In the result; null if undefined, absent if the result lacks it. */
  readonly recorded?: number | null;
  /** In the new run; null if undefined, absent if it lacks it. */
  readonly here?: number | null;
  /** Whether they are equal within the tolerance, or undefined in both. */
  readonly isEqual: boolean;
}

/**
 * Whether two numbers are equal: by at most `tolerance` apart, or for numbers over 1 (such as heart rates) by that part
 * of them. Undefined numbers are only equal to each other.
 */
export function areEqual(recorded: number | null, here: number | null, tolerance: number): boolean {
  if (recorded === null || here === null) return recorded === here;
  return Math.abs(here - recorded) <= tolerance * Math.max(1, Math.abs(recorded));
}

/**
 * Every score of a result beside that of another run: for each metric its mean and deviations, then those of each fold
 * and seed. Scores that only the new run has, of metrics that a later version added, are left out.
 */
export function compareScores(recorded: Result, here: Result, tolerance: number): ComparedScore[] {
  const found = scoresOf(here);
  return [...scoresOf(recorded)].map(([key, { metric, of, value }]) => {
    const other = found.get(key)?.value;
    const isEqual = other !== undefined && areEqual(value, other, tolerance);
    return { metric, of, recorded: value, ...(other === undefined ? {} : { here: other }), isEqual };
  });
}

interface Score {
  readonly metric: string;
  readonly of: string;
  readonly value: number | null;
}

function scoresOf({ scores, folds, seeds = [] }: Result): Map<string, Score> {
  const all: Score[] = [
    ...Object.entries(scores).flatMap(([metric, { mean, deviation, seedDeviation }]) => [
      { metric, of: 'mean', value: mean },
      { metric, of: 'deviation', value: deviation },
      ...(seedDeviation === undefined ? [] : [{ metric, of: 'deviation over seeds', value: seedDeviation }]),
    ]),
    // Of several seeds, the first one's folds are there twice.
    ...(seeds.length > 0 ? [] : folds.flatMap((fold) => foldScores(fold, ''))),
    ...seeds.flatMap(({ seed, scores: means, folds: ofSeed }) => [
      ...Object.entries(means).map(([metric, value]) => ({ metric, of: `seed ${seed}`, value })),
      ...ofSeed.flatMap((fold) => foldScores(fold, `seed ${seed} `)),
    ]),
  ];
  return new Map(all.map((score) => [JSON.stringify([score.metric, score.of]), score]));
}

function foldScores({ test, scores }: ResultFold, of: string): Score[] {
  return Object.entries(scores).map(([metric, value]) => ({ metric, of: `${of}on ${test}`, value }));
}
