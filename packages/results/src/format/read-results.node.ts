import { FileError } from '@hearken/core';
import { findResultFiles } from '../result/find-result-files.node.js';
import { readResultFile } from './read-result.node.js';
import { resultFixes, type ResultProblem } from './result-problem.js';
import type { Result } from './result.js';

/** A result and its file. */
export interface ResultAt {
  /** Its file. */
  readonly path: string;
  /** What the file says. */
  readonly result: Result;
}

/** A file that is or may be a result but cannot be read. */
export interface DamagedResult {
  /** Its file. */
  readonly path: string;
  /** What is wrong with it. */
  readonly problem: ResultProblem;
  /** Id of the result's task, if readable. */
  readonly task?: string;
}

/** The JSON files found in some folders. */
export interface FoundResults {
  /** Sorted by path. */
  readonly results: readonly ResultAt[];
  /** Results that are damaged or of an unsupported version, and files that are not valid JSON. */
  readonly damaged: readonly DamagedResult[];
  /** Other JSON files. */
  readonly others: readonly string[];
}

/**
 * Reads every result in the given files and folders. A damaged one doesn't hide the others.
 *
 * @throws FileError as {@link findResultFiles} does
 */
export async function readResults(paths: readonly string[]): Promise<FoundResults> {
  const results: ResultAt[] = [];
  const damaged: DamagedResult[] = [];
  const others: string[] = [];
  for (const path of await findResultFiles(paths)) {
    const read = await readResultFile(path);
    if ('result' in read) results.push({ path, result: read.result });
    else if (read.problems[0].reason === 'not-a-result') others.push(path);
    else damaged.push({ path, problem: read.problems[0], ...(read.task === undefined ? {} : { task: read.task }) });
  }
  return { results, damaged, others };
}

/** The error if there are no results at all. */
export function noResultsError(
  paths: readonly string[],
  { damaged, others }: Pick<FoundResults, 'damaged' | 'others'>,
): FileError {
  const reasons = [
    ...damaged.map(({ path, problem }) => `'${path}': ${problem.message}`),
    ...others.map((path) => `'${path}' is not a result`),
  ];
  return new FileError({
    asked: `results in ${paths.map((path) => `'${path}'`).join(', ')}`,
    found: `none: ${reasons.slice(0, 3).join('; ')}`,
    fix: resultFixes[damaged[0]?.problem.reason ?? 'not-a-result'],
  });
}
