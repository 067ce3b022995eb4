import { type ErrorParts, isHearkenError } from '@hearken/core';
import { lineOf } from '@hearken/core/internal';

/*
 * BullMQ keeps one text of a job that failed. What went wrong is written into it on lines of its own, so that people read
 * it in any program that shows jobs, and the parts are found again.
 */

/** The parts of one of Hearken's errors, each on one line without control characters. */
export type FailureParts = Readonly<Omit<ErrorParts, 'cause'>>;

/** Why a job failed. */
export interface Failure {
  /** In one line. */
  readonly message: string;
  /** Of one of Hearken's errors. */
  readonly parts?: FailureParts;
}

/** A failure through no fault of what was asked for: the process or the worker that did the job has ended. */
export const processEnded = 'process-ended';

/** Characters of a part, or of a message that has none. */
const mostCharacters = 2000;
const mostReasonCharacters = 64;
const pattern = /^([^\n]+)\n {2}found: {2}([^\n]+)\n {2}to do: {2}([^\n]+)(?:\n {2}reason: ([\w-]+))?$/u;

/** The text by which the queue remembers why a job failed; {@link failureOf} reads it. */
export function failureText(error: unknown): string {
  if (isHearkenError(error)) return partsText(error);
  const message = error instanceof Error ? error.message : String(error);
  // It may have been read from the queue.
  const { parts } = failureOf(message);
  return parts === undefined ? lineOf(message, mostCharacters) : partsText(parts);
}

function partsText({ asked, found, fix, reason }: FailureParts): string {
  // A part that is empty could not be found again.
  const [one, two, three] = [asked, found, fix].map((part) => lineOf(part, mostCharacters) || '-');
  const last =
    reason !== undefined && /^[\w-]+$/.test(reason) ? `\n  reason: ${reason.slice(0, mostReasonCharacters)}` : '';
  return `${one}\n  found:  ${two}\n  to do:  ${three}${last}`;
}

/**
 * Why a job failed, by the queue's text, which is untrusted.
 *
 * @param most characters of each part
 */
export function failureOf(text: string, most = mostCharacters): Failure {
  const limit = Math.min(most, mostCharacters);
  const [, ...found] = pattern.exec(text.slice(0, 4 * mostCharacters)) ?? [];
  if (found.length === 0) return { message: lineOf(text, limit) || 'no reason given' };
  const [asked, what, fix] = found.slice(0, 3).map((part) => lineOf(part, limit));
  const reason = found.at(3)?.slice(0, mostReasonCharacters);
  return {
    message: `${asked}: ${what}; ${fix}`,
    parts: { asked, found: what, fix, ...(reason === undefined ? {} : { reason }) },
  };
}
