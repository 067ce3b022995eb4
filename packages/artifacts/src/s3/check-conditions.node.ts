import { randomBytes } from 'node:crypto';
import { FileError } from '@hearken/core';
import type { S3Requests } from './s3-client.node.js';
import { statusOf } from './s3-errors.js';

/** Attempts while it is not known yet that there is a store: a mistyped endpoint should not be tried for long. */
const firstAttempts = 4;

/**
 * Writes a small object twice, on the condition that there is none, and removes it: the second write must be refused. A
 * store that ignores the condition would let the last of several writers win.
 *
 * @throws FileError otherwise
 */
export async function checkConditions(requests: S3Requests): Promise<void> {
  const { bucket, prefix } = requests.location;
  // Not the name of an artifact, so that no list has it.
  const probe = `.hearken-probe-${randomBytes(8).toString('hex')}`;
  const name = prefix === '' ? probe : `${prefix}/${probe}`;
  const usual = requests.retries.attempts;
  requests.retries.attempts = firstAttempts;
  try {
    // If the answer is lost and the write repeated, the first one is refused already.
    if (await isRefused(requests, name)) return;
    requests.retries.attempts = usual;
    if (await isRefused(requests, name)) return;
  } finally {
    requests.retries.attempts = usual;
    await requests.delete(name).catch(() => undefined);
  }
  throw new FileError({
    asked: `to keep artifacts in 's3://${bucket}/${prefix}'`,
    found: 'a store that wrote an object twice although it was told not to replace it (If-None-Match: *)',
    fix: 'use a store that supports conditional writes, such as AWS S3 or a current MinIO, or a shared folder',
  });
}

async function isRefused(requests: S3Requests, name: string): Promise<boolean> {
  try {
    await requests.put(name, Uint8Array.of(1), { IfNoneMatch: '*' });
    return false;
  } catch (error) {
    if (statusOf(error) === 412) return true;
    if (statusOf(error) === 501) {
      throw new FileError({
        asked: `to keep artifacts in 's3://${requests.location.bucket}/${requests.location.prefix}'`,
        found: 'a store without conditional writes (If-None-Match: *)',
        fix: 'use one that supports them, such as AWS S3 or a current MinIO, or a shared folder',
        cause: error,
      });
    }
    throw requests.error('write', name, error);
  }
}
