import { FileError } from '@hearken/core';
import { findResultFiles } from '@hearken/results/node';
import { readResultDocument } from '@hearken/results/internal/node';
import { shortPath } from './short-path.js';
import { parseReportResult, type ReportResult } from './report-result.js';

/** The results below some folders, and what was found there that is none. */
export interface FoundReportResults {
  readonly results: readonly ReportResult[];
  /** One line for each JSON file that was left out. */
  readonly notes: readonly string[];
}

/**
 * Reads every result below the given folders and files, in order of their paths.
 *
 * @throws FileError as {@link findResultFiles} does, and where there is no result at all
 */
export async function findReportResults(paths: readonly string[]): Promise<FoundReportResults> {
  const results: ReportResult[] = [];
  const notes: string[] = [];
  for (const file of await findResultFiles(paths)) {
    const read = await readOne(file);
    if (typeof read === 'string') notes.push(`${shortPath(file)} was left out: ${read}`);
    else results.push(read);
  }
  if (results.length > 0) return { results, notes };
  throw new FileError({
    asked: `results in ${paths.map((path) => `'${path}'`).join(', ')}`,
    found: `none: ${notes.slice(0, 3).join('; ')}`,
    fix: "pass folders that 'hearken run' wrote",
  });
}

async function readOne(path: string): Promise<ReportResult | string> {
  const read = await readResultDocument(path);
  return 'reason' in read ? read.reason : parseReportResult(read.document, path);
}
