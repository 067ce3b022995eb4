import { FileError, isHearkenError } from '@hearken/core';
import { howToGiveCredentials } from './s3-location.js';
import type { S3Failure } from './s3-sdk.node.js';

/** The status of the answer that an error was made from; undefined if there was no answer. */
export function statusOf(error: unknown): number | undefined {
  return (error as S3Failure | undefined)?.$metadata?.httpStatusCode;
}

/** Whether it is unknown if the store did what was asked: no answer, or an answer that says nothing. */
export function isUnanswered(error: unknown): boolean {
  const status = statusOf(error);
  return !isHearkenError(error) && (status === undefined || status >= 500);
}

/** An error of the client in three parts. What a server wrote is repeated only as far as it is a plain name. */
export function s3Error(asked: string, error: unknown): Error {
  if (isHearkenError(error)) return error;
  const failure = error as S3Failure;
  const name = plainName(failure.code) ?? plainName(failure.name) ?? 'an unknown error';
  const status = statusOf(error);
  const attempts = failure.$metadata?.attempts ?? 1;
  const times = attempts > 1 ? ` after ${attempts} attempts` : '';
  const [found, fix] = reasons[name] ?? reasons[status ?? ''] ?? [undefined, usualFix(status)];
  const what = status === undefined || name === String(status) ? name : `${status} ${name}`;
  const detail = found === undefined ? what : `${found} (${what})`;
  return new FileError({ asked, found: `${detail}${times}`, fix, cause: error });
}

function usualFix(status: number | undefined): string {
  if (status !== undefined && status < 500) return 'check that the endpoint is an S3-compatible store';
  return 'try again later: what is finished stays';
}

function plainName(name: string | undefined): string | undefined {
  return name !== undefined && /^[\w.]{1,60}$/.test(name) ? name : undefined;
}

const noCredentials: Reason = ['no credentials', howToGiveCredentials];
const refusedCredentials: Reason = ['credentials that the store refuses', `check them: ${howToGiveCredentials}`];
const noServer: Reason = ['no server that answers there', 'check the endpoint, and that the server runs'];
const otherRegion: Reason = ['a bucket in another region', 'name its region in the URL, as in ?region=eu-central-1'];

type Reason = readonly [found: string, fix: string];

/** By the error's name, the system's code, or the answer's status. */
const reasons: Readonly<Record<string, Reason | undefined>> = {
  CredentialsProviderError: noCredentials,
  ExpiredToken: ['credentials that have expired', 'get new ones'],
  InvalidAccessKeyId: refusedCredentials,
  SignatureDoesNotMatch: refusedCredentials,
  RequestTimeTooSkewed: ['a clock that differs from that of the store', 'set the clock of this machine'],
  NoSuchBucket: ['no such bucket', 'create it, or check its name and the endpoint'],
  PermanentRedirect: otherRegion,
  AuthorizationHeaderMalformed: otherRegion,
  ECONNREFUSED: noServer,
  ENOTFOUND: noServer,
  EAI_AGAIN: noServer,
  EHOSTUNREACH: noServer,
  ENETUNREACH: noServer,
  301: otherRegion,
  403: ['no permission', 'allow these credentials to list, read, write and delete the objects below this prefix'],
};
