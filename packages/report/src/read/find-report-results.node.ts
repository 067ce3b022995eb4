import { readResults } from '@hearken/results/node';
import { noResultsError } from '@hearken/results/internal/node';
import { shortPath } from './short-path.js';
import { reportResult, type ReportResult } from './report-result.js';

/** The results below some folders, and what was found there that is none. */
export interface FoundReportResults {
  readonly results: readonly ReportResult[];
  /** One line for each JSON file that was left out. */
  readonly notes: readonly string[];
}

/**
 * Reads every result below the given folders and files, in order of their paths.
 *
 * @throws FileError as `findResultFiles` does, and where there is no result at all
 */
export async function findReportResults(paths: readonly string[]): Promise<FoundReportResults> {
  const { results, damaged, others } = await readResults(paths);
  if (results.length === 0) throw noResultsError(paths, { damaged, others });
  const notes = [
    ...damaged.map(({ path, problem }) => [path, problem.message] as const),
    ...others.map((path) => [path, 'no result'] as const),
  ];
  return {
    results: results.map(reportResult),
    notes: notes.sort().map(([path, reason]) => `${shortPath(path)} was left out: ${reason}`),
  };
}
