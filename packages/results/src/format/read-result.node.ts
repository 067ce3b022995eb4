import { basename } from 'node:path';
import type { FileError } from '@hearken/core';
import { readPlainText } from '@hearken/core/node';
import { maximumResultBytes } from '../result/find-result-files.node.js';
import { parseResult, type ReadResult } from './read-result.js';
import { resultError } from './result-problem.js';
import type { Result } from './result.js';

/** Reads a file that may be a result of this version or an earlier one: returns the result, or why the file is not one. */
export async function readResultFile(path: string): Promise<ReadResult> {
  let text: string;
  try {
    text = await readPlainText(path, { maximumBytes: maximumResultBytes });
  } catch (error) {
    // System messages may contain the full path, which a report page must not show.
    const { cause, found: refused } = error as FileError;
    const code = (cause as NodeJS.ErrnoException | undefined)?.code;
    const found = code === undefined ? refused : `cannot be read (${code})`;
    return { problems: [{ reason: 'unreadable', field: '', found, wanted: 'a result', message: found }] };
  }
  return parseResult(text, basename(path));
}

/**
 * Reads a result file of this version or an earlier one.
 *
 * @returns its content in the current layout
 * @throws FileError naming the file, the field, what was found and what was expected
 */
export async function readResult(path: string): Promise<Result> {
  const read = await readResultFile(path);
  if ('result' in read) return read.result;
  throw resultError(path, read.problems[0]);
}
