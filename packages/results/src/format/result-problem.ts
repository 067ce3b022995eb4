import { FileError } from '@hearken/core';
import { shown } from './shown.js';

/** Why a file cannot be read as a result. */
export interface ResultProblem {
  /**
   * `unreadable`: the file cannot be read at all; `not-json`; `not-a-result`: some other JSON; `older-version` and
   * `newer-version`: a layout that this Hearken does not read; `invalid-field`: a result with something wrong in it.
   */
  readonly reason: 'unreadable' | 'not-json' | 'not-a-result' | 'older-version' | 'newer-version' | 'invalid-field';
  /** Where in the document, such as `folds[2].rows`; empty for the file as a whole. */
  readonly field: string;
  /** What is there, in one line of limited length. */
  readonly found: string;
  /** What was to be there. */
  readonly wanted: string;
  /** All of it in one line, without the file. */
  readonly message: string;
}

/** What to do about it. */
export const resultFixes: Readonly<Record<ResultProblem['reason'], string>> = {
  unreadable: 'check the file',
  'not-json': 'restore it, or run the task again',
  'not-a-result': "pass what 'hearken run' wrote",
  'older-version': 'run the task again',
  'newer-version': 'update Hearken',
  'invalid-field': "restore it, or run the task again; 'hearken verify' says all that is wrong with it",
};

/**
 * The error that names the file, what is wrong in it, and what to do.
 *
 * @param instead what else can be done
 */
export function resultError(path: string, { reason, message }: ResultProblem, instead?: string): FileError {
  const fix = instead === undefined ? resultFixes[reason] : `${resultFixes[reason]}, or ${instead}`;
  return new FileError({ asked: `result '${path}'`, found: message, fix, reason });
}

/** A field that is not what it has to be. */
export function invalidField(field: string, value: unknown, wanted: string): ResultProblem {
  const found = shown(value);
  return { reason: 'invalid-field', field, found, wanted, message: `${field} is ${found}, not ${wanted}` };
}
