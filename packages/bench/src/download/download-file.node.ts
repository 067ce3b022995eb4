import { rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type ErrorParts, FileError } from '@hearken/core';
import { withFolderLock } from '@hearken/core/node';
import { checksumError, checksumOfHeaders, hashesOfFile, type Checksum } from './checksum.node.js';
import { PartialFile, type PartState } from './partial-file.node.js';

export interface DownloadOptions {
  /** What the file must hash to; default: what the server says, if it does. */
  readonly checksum?: Checksum;
  /** Tries in a row that bring nothing new before it gives up; default 6. */
  readonly attempts?: number;
  /** Milliseconds before the second try, doubled for each further one up to 30 s; default 1000. */
  readonly retryDelay?: number;
  /** Milliseconds without a byte after which a connection counts as dead; default 60 000. */
  readonly stallTimeout?: number;
  /** Bytes a second that must come on average over `rateWindow`; default 1024. A slower connection counts as dead. */
  readonly minimumRate?: number;
  /** Milliseconds over which the rate is measured; default 60 000. */
  readonly rateWindow?: number;
  /** Milliseconds of a clock that never goes back; default: the system's. */
  readonly now?: () => number;
  /** The most bytes that the file may have, whether or not the server says how many; default 64 GiB. */
  readonly maximumBytes?: number;
  /** Further headers of every request; `authorization` is not sent on to another origin that a redirect names. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Looks at the whole file before it gets its name; what it throws removes the file. */
  readonly check?: (path: string) => Promise<void>;
  /** Ends the download; the promise then rejects with the signal's reason. What has come stays. */
  readonly abortSignal?: AbortSignal;
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** A connection failed, and the next try begins after this many milliseconds. */
  readonly onRetry?: (reason: string, delay: number) => void;
}

export interface DownloadProgress {
  readonly received: number;
  /** Null where the server does not say. */
  readonly total: number | null;
}

export interface Downloaded {
  readonly path: string;
  readonly url: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
  /** What the bytes were compared with; null where no checksum is known. */
  readonly verified: Checksum['algorithm'] | null;
  /** Who told that checksum: whoever asked for the file knew it, or the server that sent the file did; null for none. */
  readonly verifiedBy: 'known' | 'server' | null;
  /** Bytes that an earlier download had left. */
  readonly resumedAt: number;
}

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
class Interruption extends Error {}

/** One that goes on for ever where every try brings a little: tries count whatever they bring. */
class Trickle extends Interruption {}

const defaultMaximumBytes = 64 * 2 ** 30;
const defaultMinimumRate = 1024;
const defaultRateWindow = 60_000;

/**
 * Downloads a file. It appears under its name only when it is whole and, where a checksum is known, right. Until then
 * it is `<path>.part`, from whose end a later download goes on if the server can tell that the file is still the same.
 *
 * @throws FileError when it cannot be had or written: MissingFileError when the server has none, RefusedFileError when it
 *   answers with another status that a further try would not change; the abort signal's reason
 */
export async function downloadFile(url: string, path: string, options: DownloadOptions = {}): Promise<Downloaded> {
  const lockFolder = join(dirname(path), `.${basename(path)}.lock`);
  try {
    return await withFolderLock(lockFolder, () => download(url, path, options));
  } finally {
    // Not empty while another download holds it.
    await rmdir(lockFolder).catch(() => undefined);
  }
}

async function download(url: string, path: string, options: DownloadOptions): Promise<Downloaded> {
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

/** One request, for what is missing; returns when the file is whole. */
async function receive(url: string, part: PartialFile, options: DownloadOptions): Promise<void> {
  const connection = new AbortController();
  const signals = [connection.signal, ...(options.abortSignal === undefined ? [] : [options.abortSignal])];
  const stall = stallTimer(options.stallTimeout ?? 60_000, connection);
  try {
    // A resumed body continues exactly these bytes, which no compression on the way may change.
    const headers: Record<string, string> = { ...options.headers, 'accept-encoding': 'identity' };
    const { state } = part;
    if (state?.validator && part.size > 0) {
      headers.range = `bytes=${part.size}-`;
      headers['if-range'] = state.validator;
    }
    const response = await fetch(url, { headers, signal: AbortSignal.any(signals) });
    stall.restart();
    if (!(await begin(url, response, part))) return;
    await checkSize(url, part, part.state?.total ?? 0, options);
    await part.checkRoom();
    const rate = rateMeter(options);
    for await (const chunk of response.body ?? []) {
      stall.restart();
      await checkSize(url, part, part.size + chunk.length, options);
      await part.append(chunk);
      rate.add(chunk.length);
      options.onProgress?.({ received: part.size, total: part.state?.total ?? null });
      stall.restart();
    }
    const total = part.state?.total ?? null;
    if (total !== null && part.size !== total) {
      if (part.size > total) await part.discard();
      throw new Interruption(`${part.size} of ${total} bytes came`);
    }
  } catch (cause) {
    if (cause instanceof FileError || cause instanceof Interruption) throw cause;
    throw new Interruption(stall.expired() ? 'the connection went silent' : reasonOf(cause));
  } finally {
    stall.stop();
    // Whatever is left of the body is not wanted.
    connection.abort();
  }
}

/** Makes the part ready for the body of `response`; false where nothing is missing. */
async function begin(url: string, response: Response, part: PartialFile): Promise<boolean> {
  const { state } = part;
  if (response.status === 206 && state !== undefined) {
    const problem = partProblem(response.headers, state, part.size);
    if (problem === undefined) return true;
    await part.discard();
    throw new Interruption(problem);
  }
  if (response.status === 416 && part.size > 0) {
    const whole = response.headers.get('content-range') === `bytes */${part.size}`;
    if (whole && (state?.total ?? part.size) === part.size) return false;
    await part.discard();
    throw new Interruption('the file there is another one by now');
  }
  if (response.status !== 200) throw refusal(url, response.status);
  const encoding = response.headers.get('content-encoding') ?? 'identity';
  if (encoding !== 'identity') {
    throw new FileError({
      asked: `'${url}' as it is`,
      found: `a server that compresses it on the way (${encoding})`,
      fix: 'download it by other means, or from another mirror',
    });
  }
  await part.restart(stateOf(url, response.headers));
  return true;
}

/** Why the rest of a file that came is not the rest of what is there; undefined where it is. */
function partProblem(headers: Headers, state: PartState, size: number): string | undefined {
  const text = headers.get('content-range') ?? '';
  const [, start, end, total] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(text) ?? [];
  const whole = total === undefined || total === '*' ? state.total : Number(total);
  const isNext = Number(start) === size && Number(end) >= size && (state.total ?? whole) === whole;
  if (start === undefined || !isNext || (whole !== null && Number(end) !== whole - 1)) {
    return `the server sent the range '${text}'`;
  }
  const length = headers.get('content-length');
  if (length !== null && Number(length) !== Number(end) - size + 1) {
    return `the server sent the range '${text}' in ${length} bytes`;
  }
  const encoding = headers.get('content-encoding') ?? 'identity';
  if (encoding !== 'identity') return `the server compressed the rest of the file (${encoding})`;
  // What was asked for with If-Range is of the same file, if the server keeps to it.
  const isDate = state.validator?.startsWith('"') === false;
  const validator = headers.get(isDate ? 'last-modified' : 'etag');
  if (validator !== null && validator !== state.validator) return 'the file there is another one by now';
  return undefined;
}

/** Refuses a file that is larger than it may be; a server that does not say how large it is could send bytes for ever. */
async function checkSize(url: string, part: PartialFile, bytes: number, options: DownloadOptions): Promise<void> {
  const { maximumBytes = defaultMaximumBytes } = options;
  if (bytes <= maximumBytes) return;
  const total = part.state?.total ?? null;
  await part.discard();
  throw new FileError({
    asked: `'${url}', ${maximumBytes} bytes at most`,
    found: total === null ? 'more, without an end' : `${bytes} bytes`,
    fix: 'check the address, or name another place with --mirror',
  });
}

/** Measures what comes, over one window of time after the other. */
function rateMeter(options: DownloadOptions): { add(bytes: number): void } {
  const { minimumRate = defaultMinimumRate, rateWindow = defaultRateWindow, now = () => performance.now() } = options;
  let start = now();
  let received = 0;
  return {
    add(bytes) {
      received += bytes;
      const elapsed = now() - start;
      if (elapsed < rateWindow) return;
      if (received < (minimumRate * elapsed) / 1000) {
        throw new Trickle(`only ${received} bytes came in ${Math.round(elapsed / 1000)} s`);
      }
      start = now();
      received = 0;
    },
  };
}

function stateOf(url: string, headers: Headers): PartState {
  const length = headers.get('content-length');
  const total = length !== null && /^\d{1,15}$/.test(length) ? Number(length) : null;
  const etag = headers.get('etag');
  // A weak ETag stands for content that means the same, not for the same bytes.
  const strong = etag !== null && !etag.startsWith('W/') ? etag : null;
  const validator = strong ?? headers.get('last-modified');
  const checksum = checksumOfHeaders(headers);
  return { url, validator, total, ...(checksum === undefined ? {} : { checksum }) };
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

function refusal(url: string, status: number): Error {
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

function gaveUp(url: string, part: PartialFile, attempts: number, cause: Interruption): FileError {
  const total = part.state?.total ?? null;
  const whole = total === null ? '' : ` of ${total}`;
  return new FileError({
    asked: `'${url}'`,
    found: `${cause.message}; nothing new in ${attempts} tries, after ${part.size}${whole} bytes`,
    fix: 'try again later: it goes on from there if the server allows; or name another place with --mirror',
    cause,
  });
}

interface StallTimer {
  restart(): void;
  stop(): void;
  expired(): boolean;
}

function stallTimer(milliseconds: number, connection: AbortController): StallTimer {
  let expired = false;
  const start = () =>
    setTimeout(() => {
      expired = true;
      connection.abort();
    }, milliseconds);
  let timer = start();
  return {
    restart() {
      clearTimeout(timer);
      timer = start();
    },
    stop() {
      clearTimeout(timer);
    },
    expired: () => expired,
  };
}

/** `fetch` says only that it failed; why is in its cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error && cause.message !== '' ? `${message}: ${cause.message}` : message;
}
