import { type DamagedResult, noResultsError, readResults } from '../format/read-results.node.js';
import { scoreRows, type ScoreRow } from './score-row.js';

/** The scores found in some folders, and the files without scores. */
export interface FoundScores {
  readonly rows: readonly ScoreRow[];
  /** Results that cannot be read. */
  readonly damaged: readonly DamagedResult[];
  /** Other JSON files. */
  readonly others: readonly string[];
}

/**
 * Reads the scores of every result in the given files and folders, in order of their paths. A damaged one doesn't hide the
 * others.
 *
 * @throws FileError like `findResultFiles`, and if there are no results at all
 */
export async function readScoreRows(paths: readonly string[]): Promise<FoundScores> {
  const { results, damaged, others } = await readResults(paths);
  if (results.length === 0) throw noResultsError(paths, { damaged, others });
  return { rows: results.flatMap(scoreRows), damaged, others };
}
