import { type ErrorParts, FileError } from '@hearken/core';

/** The server has no such file: another place may. */
export class MissingFileError extends FileError {}

/** The server has the file, or may have it, and does not give it to this caller. */
export class RefusedFileError extends FileError {
  /** HTTP status: 401 where it wants another token, 403 where the token does not suffice, or another below 500. */
  readonly status: number;

  constructor(parts: ErrorParts, status: number) {
    super(parts);
    this.status = status;
  }
}

/** A failure that another try may not have. */
export class Interruption extends Error {}

/** One that goes on for ever where every try brings a little: tries count whatever they bring. */
export class Trickle extends Interruption {}

/** The error for an answer of the server that is not the file. */
export function refusal(url: string, status: number): Error {
  if (status === 404 || status === 410) {
    return new MissingFileError({
      asked: `'${url}'`,
      found: `no such file there (HTTP ${status})`,
      fix: 'check the name, or name another place with --mirror',
    });
  }
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    return new Interruption(`the server answered HTTP ${status}`);
  }
  const payer = url.startsWith('https://storage.googleapis.com/');
  const parts = {
    asked: `'${url}'`,
    found: `the server refused (HTTP ${status})`,
    fix: payer
      ? 'whoever downloads from this bucket pays: copy it with your own account (gcloud storage cp --billing-project), name a --mirror, or take the 48000 Hz edition'
      : 'check the address, or name another place with --mirror',
  };
  return new RefusedFileError(parts, status);
}
