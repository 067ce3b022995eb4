import { type ErrorParts, FileError } from '@hearken/core';

/** The server does not have the file; another one may. */
export class MissingFileError extends FileError {}

/** The server refuses to send the file, which it may have. */
export class RefusedFileError extends FileError {
  /** HTTP status: 401 if it needs another token, 403 if the token has too few rights, or another one below 500. */
  readonly status: number;

  constructor(parts: ErrorParts, status: number) {
    super(parts);
    this.status = status;
  }
}

/** A failure that may not happen again on another try. */
export class Interruption extends Error {}

/**
 * One that could repeat forever with a little progress each time: such tries count as failures despite the progress.
 */
export class Trickle extends Interruption {}

/** The error for a response of the server that is not the file. */
export function refusal(url: string, status: number): Error {
  if (status === 404 || status === 410) {
    return new MissingFileError({
      asked: `'${url}'`,
      found: `no such file (HTTP ${status})`,
      fix: 'check the name, or give another source with --mirror',
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
      ? 'downloads from this bucket are billed to the requester: copy the file with your own account (gcloud storage cp --billing-project), give a --mirror, or use the 48000 Hz edition'
      : 'check the address, or give another source with --mirror',
  };
  return new RefusedFileError(parts, status);
}
