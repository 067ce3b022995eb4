import { readResults } from '@hearken/results/node';
import { noResultsError, readProfiles } from '@hearken/results/internal/node';
import { reportProfile, type ReportProfile } from './report-profile.js';
import { shortPath, reportResult, type ReportResult } from './report-result.js';

/** The results in some folders, and files that are not results. */
export interface FoundReportResults {
  readonly results: readonly ReportResult[];
  /** What models cost on machines, the latest first. */
  readonly profiles: readonly ReportProfile[];
  /** One line for each JSON file that was skipped. */
  readonly notes: readonly string[];
}

/**
 * Reads every result in the given folders and files, in order of their paths.
 *
 * @throws FileError as `findResultFiles`, and if there are no results
 */
export async function findReportResults(paths: readonly string[]): Promise<FoundReportResults> {
  const { results, damaged, others } = await readResults(paths);
  if (results.length === 0) throw noResultsError(paths, { damaged, others });
  const { profiles, damaged: damagedProfiles } = await readProfiles(paths);
  const notes = [
    ...damagedProfiles.map(({ path, message }) => [path, message] as const),
    ...damaged.map(({ path, problem }) => [path, problem.message] as const),
    ...others.map((path) => [path, 'no results'] as const),
  ];
  return {
    results: results.map(reportResult),
    profiles: profiles.map(reportProfile).sort((one, other) => (one.measuredAt < other.measuredAt ? 1 : -1)),
    notes: notes.sort().map(([path, reason]) => `${shortPath(path)} was left out: ${reason}`),
  };
}
