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

/** A file that is a result, or may be one, and cannot be read as one. */
export interface DamagedResult {
  /** Its file. */
  readonly path: string;
  /** What is wrong with it. */
  readonly problem: ResultProblem;
  /** Id of its task, if that can be read. */
  readonly task?: string;
}

/** What lies below some folders. */
export interface FoundResults {
  /** In order of their paths. */
  readonly results: readonly ResultAt[];
  /** Results that are broken or of a version that this Hearken does not read, and files that are no JSON. */
  readonly damaged: readonly DamagedResult[];
  /** Other JSON. */
  readonly others: readonly string[];
}

/**
 * Reads every result below the given folders and files. One that is damaged hides none of the others.
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

/** The error where there is no result at all. */
export function noResultsError(
  paths: readonly string[],
  { damaged, others }: Pick<FoundResults, 'damaged' | 'others'>,
): FileError {
  const reasons = [
    ...damaged.map(({ path, problem }) => `'${path}': ${problem.message}`),
    ...others.map((path) => `'${path}' is no result`),
  ];
  return new FileError({
    asked: `results in ${paths.map((path) => `'${path}'`).join(', ')}`,
    found: `none: ${reasons.slice(0, 3).join('; ')}`,
    fix: resultFixes[damaged[0]?.problem.reason ?? 'not-a-result'],
  });
}
