import { type DamagedResult, noResultsError, readResults } from '../format/read-results.node.js';
import { scoreRows, type ScoreRow } from './score-row.js';

/** The scores below some folders, and what was found there that has none. */
export interface FoundScores {
  readonly rows: readonly ScoreRow[];
  /** Results that cannot be read. */
  readonly damaged: readonly DamagedResult[];
  /** Other JSON files. */
  readonly others: readonly string[];
}

/**
 * Reads the scores of every result below the given folders and files, in order of their paths. One that is damaged hides
 * none of the others.
 *
 * @throws FileError as `findResultFiles` does, and where there is no result at all
 */
export async function readScoreRows(paths: readonly string[]): Promise<FoundScores> {
  const { results, damaged, others } = await readResults(paths);
  if (results.length === 0) throw noResultsError(paths, { damaged, others });
  return { rows: results.flatMap(scoreRows), damaged, others };
}
