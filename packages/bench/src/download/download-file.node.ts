import { setTimeout as wait } from 'node:timers/promises';
import { FileError } from '@hearken/core';
import { checksumError, hashesOfFile, type Checksum } from './checksum.node.js';
import { Interruption, Trickle } from './download-errors.js';
import { PartialFile } from './partial-file.node.js';
import { receive, type ReceiveOptions } from './receive-file.node.js';

/** How to download a file. */
export interface DownloadOptions extends ReceiveOptions {
  /** What the file must hash to; default: the server's checksum, if it sends one. */
  readonly checksum?: Checksum;
  /** Number of consecutive tries without progress before it gives up; default 6. */
  readonly attempts?: number;
  /** Milliseconds before the second try, doubled for each further one up to 30 s; default 1000. */
  readonly retryDelay?: number;
  /** Checks the whole file before it gets its name; if this throws, the file is removed. */
  readonly check?: (path: string) => Promise<void>;
  /** Called when a connection has failed; the next try begins after `delay` milliseconds. */
  readonly onRetry?: (reason: string, delay: number) => void;
}

export interface Downloaded {
  readonly path: string;
  readonly url: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
  /** The checksum that the bytes were compared with; null if none is known. */
  readonly verified: Checksum['algorithm'] | null;
  /** Where that checksum is from: the caller knew it, or the server sent it with the file; null for none. */
  readonly verifiedBy: 'known' | 'server' | null;
  /** Number of bytes kept from an earlier download. */
  readonly resumedAt: number;
}

/**
 * Downloads a file. It gets its name only when it is complete and matches the checksum, if one is known. Until then it
 * is `<path>.<process>-<random>.part`; if this download ends early, a later one continues there if the server can tell
 * that the file is still the same. Several processes may download the same file: each receives all of it.
 *
 * @throws FileError if it cannot be downloaded or written: MissingFileError if the server does not have it,
 *   RefusedFileError for another status that would be the same on another try; the abort signal's reason
 */
export async function downloadFile(url: string, path: string, options: DownloadOptions = {}): Promise<Downloaded> {
  const { attempts = 6, retryDelay = 1000, abortSignal } = options;
  const part = await PartialFile.open(path, url);
  const found = { state: part.state, size: part.size };
  let most = part.size;
  try {
    for (let failures = 0; ;) {
      abortSignal?.throwIfAborted();
      try {
        await receive(url, part, options);
        break;
      } catch (cause) {
        abortSignal?.throwIfAborted();
        if (!(cause instanceof Interruption)) throw cause;
        failures = part.size > most && !(cause instanceof Trickle) ? 0 : failures + 1;
        most = Math.max(most, part.size);
        if (failures >= attempts) throw gaveUp(url, part, attempts, cause);
        const delay = Math.min(30_000, retryDelay * 2 ** Math.max(0, failures - 1));
        options.onRetry?.(cause.message, delay);
        await wait(delay, undefined, { signal: abortSignal }).catch(() => abortSignal?.throwIfAborted());
      }
    }
    const resumedAt = part.state === found.state ? found.size : 0;
    return { path, url, resumedAt, ...(await finish(part, options)) };
  } finally {
    await part.close();
  }
}

async function finish(
  part: PartialFile,
  options: DownloadOptions,
): Promise<Pick<Downloaded, 'bytes' | 'sha256' | 'verified' | 'verifiedBy'>> {
  const bytes = part.size;
  const expected = options.checksum ?? part.state?.checksum;
  const hashes = await hashesOfFile(part.path);
  try {
    if (expected !== undefined && hashes[expected.algorithm] !== expected.hex) {
      throw checksumError(`'${part.target}'`, expected, hashes[expected.algorithm]);
    }
    await options.check?.(part.path);
  } catch (cause) {
    await part.discard();
    throw cause;
  }
  await part.finish();
  const verifiedBy = expected === undefined ? null : expected === options.checksum ? 'known' : 'server';
  return { bytes, sha256: hashes.sha256, verified: expected?.algorithm ?? null, verifiedBy };
}

function gaveUp(url: string, part: PartialFile, attempts: number, cause: Interruption): FileError {
  const total = part.state?.total ?? null;
  const whole = total === null ? '' : ` of ${total}`;
  return new FileError({
    asked: `'${url}'`,
    found: `${cause.message}; nothing new in ${attempts} tries, after ${part.size}${whole} bytes`,
    fix: 'try again later: the download continues from there if the server allows it; or give another source with --mirror',
    cause,
  });
}
