import { createHash, type Hash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { FileError } from '@hearken/core';
import type { S3Requests } from './s3-client.node.js';
import { isUnanswered, statusOf } from './s3-errors.js';
import type { S3Answer } from './s3-sdk.node.js';

/** The metadata that holds the SHA-256 of what was stored, in hexadecimal. */
export const sha256Field = 'hearken-sha256';

/** What was read is not all of one object: it changed meanwhile, or was damaged on its way. */
export class NotWhole extends Error {}

/** An object that is being downloaded. */
export interface Download {
  readonly bytes: number;
  /** The content, once. @throws NotWhole if it should be downloaded again from its beginning */
  readonly content: AsyncIterable<Uint8Array>;
  /** Ends it. */
  close(): void;
}

/**
 * Begins to download an object.
 *
 * @returns undefined if there is none
 * @throws FileError if it is larger than `maximumBytes` or has no length; errors of the client
 */
export async function beginDownload(
  requests: S3Requests,
  name: string,
  maximumBytes: number,
): Promise<Download | undefined> {
  const first = await requests.get(name).catch((error: unknown) => {
    if (statusOf(error) === 404 && (error as Error).name !== 'NoSuchBucket') return undefined;
    throw error;
  });
  if (first === undefined) return undefined;
  const bytes = first.ContentLength;
  if (bytes === undefined || !(bytes >= 0 && bytes <= maximumBytes)) {
    first.Body?.destroy();
    throw new FileError({
      asked: `to read 's3://${requests.location.bucket}/${name}'`,
      found: bytes === undefined ? 'an answer without a length' : `${bytes} bytes, over the limit of ${maximumBytes}`,
      fix: 'check that it is an artifact of Hearken, and remove it otherwise',
    });
  }
  return { bytes, content: contentOf(requests, name, first, bytes), close: () => first.Body?.destroy() };
}

/** The bytes of an object. A connection that breaks is made again for the rest, if the object is still the same one. */
async function* contentOf(
  requests: S3Requests,
  name: string,
  first: S3Answer,
  bytes: number,
): AsyncGenerator<Uint8Array> {
  const check = checkOf(first);
  // Whoever breaks off after every byte is not asked for ever.
  const mostBreaks = requests.retries.attempts + bytes / 2 ** 22;
  let breaks = 0;
  let done = 0;
  for (let answer = first; ; answer = await resume(requests, name, first.ETag, done, bytes)) {
    // A store without ranges answers with the whole object.
    let skip = answer === first || answer.ContentRange !== undefined ? 0 : done;
    try {
      for await (const piece of answer.Body ?? []) {
        const rest = piece.subarray(Math.min(skip, piece.length));
        skip -= piece.length - rest.length;
        if (done + rest.length > bytes) throw new NotWhole(`more than ${bytes} bytes`);
        check?.hash.update(rest);
        if (rest.length > 0) yield rest;
        done += rest.length;
      }
      if (done === bytes) break;
      throw Object.assign(new Error(`${done} of ${bytes} bytes`), { code: 'ECONNRESET' });
    } catch (error) {
      if (error instanceof NotWhole) throw error;
      if (!isUnanswered(error) || (breaks += 1) > mostBreaks) throw requests.error('read', name, error);
      await wait(requests.retries.delay(Math.min(breaks, 10), false));
    } finally {
      answer.Body?.destroy();
    }
  }
  if (check !== undefined && check.hash.digest('hex') !== check.expected) {
    throw new NotWhole(`content that does not match its ${check.what}`);
  }
}

async function resume(
  requests: S3Requests,
  name: string,
  etag: string | undefined,
  done: number,
  bytes: number,
): Promise<S3Answer> {
  if (etag === undefined) throw new NotWhole('no ETag');
  const answer = await requests.get(name, { Range: `bytes=${done}-`, IfMatch: etag }).catch((error: unknown) => {
    if ([404, 412, 416].includes(statusOf(error) ?? 0)) throw new NotWhole('an object that changed meanwhile');
    throw requests.error('read', name, error);
  });
  const { ContentRange: range, ETag } = answer;
  if (ETag === etag && (range === undefined || range === `bytes ${done}-${bytes - 1}/${bytes}`)) return answer;
  answer.Body?.destroy();
  throw new NotWhole('another part than was asked for');
}

/**
 * What content can be checked by: the SHA-256 that is stored with it; for an object that was uploaded by another
 * program, the ETag if it is the MD5, which it is not for parts and encrypted objects.
 */
function checkOf({
  Metadata,
  ETag,
  ServerSideEncryption,
}: S3Answer): { readonly hash: Hash; readonly expected: string; readonly what: string } | undefined {
  const sha256 = Metadata?.[sha256Field];
  if (sha256 !== undefined && /^[0-9a-f]{64}$/.test(sha256)) {
    return { hash: createHash('sha256'), expected: sha256, what: 'SHA-256' };
  }
  const md5 = /^"?([0-9a-f]{32})"?$/.exec(ETag ?? '')?.[1];
  if (md5 === undefined || ServerSideEncryption?.startsWith('aws:') === true) return undefined;
  return { hash: createHash('md5'), expected: md5, what: 'ETag' };
}
