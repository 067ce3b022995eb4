import { FileError } from '@hearken/core';
import { shown } from './shown.js';

/** Why a file cannot be read as a result. */
export interface ResultProblem {
  /**
   * `unreadable`: the file cannot be read at all; `not-json`: not valid JSON; `not-a-result`: some other JSON; `older-version` and
   * `newer-version`: a layout that this version of Hearken cannot read; `invalid-field`: a result with a wrong or missing field.
   */
  readonly reason: 'unreadable' | 'not-json' | 'not-a-result' | 'older-version' | 'newer-version' | 'invalid-field';
  /** Where in the document, such as `folds[2].rows`; empty for the file as a whole. */
  readonly field: string;
  /** What is there, in one line of limited length. */
  readonly found: string;
  /** What was expected there. */
  readonly wanted: string;
  /** The whole problem in one line, without the file's path. */
  readonly message: string;
}

/** What to do about it. */
export const resultFixes: Readonly<Record<ResultProblem['reason'], string>> = {
  unreadable: 'check that the file exists and is readable',
  'not-json': 'restore the file, or run the task again',
  'not-a-result': "pass a result file written by 'hearken run'",
  'older-version': 'run the task again',
  'newer-version': 'update Hearken',
  'invalid-field': "restore the file, or run the task again; 'hearken verify' lists everything wrong with it",
};

/**
 * The error that names the file, what is wrong in it, and what to do.
 *
 * @param instead another way out, appended to the fix
 */
export function resultError(path: string, { reason, message }: ResultProblem, instead?: string): FileError {
  const fix = instead === undefined ? resultFixes[reason] : `${resultFixes[reason]}, or ${instead}`;
  return new FileError({ asked: `result '${path}'`, found: message, fix, reason });
}

/** A missing or wrong field. */
export function invalidField(field: string, value: unknown, wanted: string): ResultProblem {
  const found = shown(value);
  const is = value === undefined ? 'missing' : found;
  return { reason: 'invalid-field', field, found, wanted, message: `${field} is ${is}, expected ${wanted}` };
}
