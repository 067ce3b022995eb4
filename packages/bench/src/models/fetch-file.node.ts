import { join } from 'node:path';
import { FileError, type ModelFile, type ModelMetadata } from '@hearken/core';
import { openPlainFile } from '@hearken/core/node';
import { RefusedFileError } from '../download/download-errors.js';
import { downloadFile, type DownloadOptions } from '../download/download-file.node.js';
import { accessError, accessHeaders, type TokenAccess } from './hub-access.js';
import { askHub, atRevision, isHubUrl, withoutQuery } from './hub-facts.node.js';
import type { PulledFile } from './pulled-record.node.js';

/** One file of a model, and where to download it. */
export interface FilePlace {
  /** `plugin:model` */
  readonly name: string;
  readonly metadata: ModelMetadata;
  readonly file: ModelFile;
  readonly url: string;
  /** SHA-256 of the published file, recorded by an earlier pull; files from a mirror are compared with it. */
  readonly recordedSha256?: string;
  /** The commit of the files next to it, if known. */
  readonly revision: string | undefined;
}

export interface FetchedFile {
  readonly file: PulledFile;
  readonly revision: string | undefined;
  /** Bytes left by an earlier download. */
  readonly resumedAt: number;
}

type Download = Pick<
  DownloadOptions,
  'attempts' | 'retryDelay' | 'stallTimeout' | 'abortSignal' | 'onProgress' | 'onRetry'
>;

/**
 * Downloads one file of a model into a folder. If the host is a hub with Hugging Face's layout, it is first asked for
 * the file's SHA-256 and for the commit from which this file and the next ones are downloaded.
 *
 * @throws OptionError for a missing token, FileError if the file cannot be downloaded; the abort signal's reason
 */
export async function fetchFile(
  { name, metadata, file, url, revision, recordedSha256 }: FilePlace,
  folder: string,
  access: TokenAccess,
  download: Download,
): Promise<FetchedFile> {
  const headers = accessHeaders(name, metadata, url, access);
  const withToken = 'authorization' in headers;
  const asked = atRevision(url, revision);
  const { abortSignal } = download;
  const facts = isHubUrl(asked) ? await askHub(asked, { headers, abortSignal }) : undefined;
  const refused = (status: number, cause?: unknown) =>
    accessError(name, metadata, { url: asked, status, withToken }, cause);
  if (facts?.status === 401 || facts?.status === 403) throw refused(facts.status);
  const place = atRevision(asked, facts?.revision);
  // Another repository on the same host is also a mirror.
  const isMirror = withoutQuery(url) !== withoutQuery(file.url);
  const known = file.sha256?.toLowerCase() ?? (isMirror ? recordedSha256 : undefined);
  const sha256 = known ?? facts?.sha256;
  try {
    const { bytes, resumedAt, ...done } = await downloadFile(place, join(folder, file.name), {
      ...download,
      headers,
      ...(sha256 === undefined ? {} : { checksum: { algorithm: 'sha256', hex: sha256 } }),
      maximumBytes: mostBytes(file.name, metadata),
      check: (path) => checkContent(path, place),
    });
    const verifiedBy: PulledFile['verifiedBy'] =
      done.verified === null ? undefined : known !== undefined || !isMirror ? 'published' : 'mirror';
    const pulled = {
      name: file.name,
      url: place,
      bytes,
      sha256: done.sha256,
      verified: done.verified,
      verifiedBy,
    } as const;
    return { file: pulled, revision: revision ?? facts?.revision, resumedAt };
  } catch (cause) {
    // The downloader does not know about terms and tokens.
    const status = cause instanceof RefusedFileError ? cause.status : undefined;
    throw status === 401 || status === 403 ? refused(status, cause) : cause;
  }
}

/** Weights take 4 bytes per parameter, 8 in double precision, and more if optimizer state is included. */
function mostBytes(name: string, { parameters }: ModelMetadata): number {
  if (name.endsWith('.json')) return 64 * 2 ** 20;
  return parameters === undefined ? 64 * 2 ** 30 : Math.max(2 ** 30, 32 * parameters);
}

const pointer = 'version https://git-lfs';

/**
 * Refuses what servers send successfully instead of the file: a login page, a Git LFS pointer, nothing.
 *
 * @throws FileError with the URL
 */
async function checkContent(path: string, url: string): Promise<void> {
  const { handle: file } = await openPlainFile(path);
  let start: string;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
    start = buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
  const found =
    start === ''
      ? 'an empty file'
      : /^(?:\xef\xbb\xbf)?\s*<[!a-z?]/i.test(start)
        ? 'a web page'
        : start.startsWith(pointer)
          ? 'a Git LFS pointer instead of the file'
          : undefined;
  if (found === undefined) return;
  throw new FileError({
    asked: `'${url}'`,
    found,
    fix: 'open the URL in a browser to see what it is, or choose another source with --mirror',
  });
}
