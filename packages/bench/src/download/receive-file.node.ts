import { FileError } from '@hearken/core';
import { checksumOfHeaders } from './checksum.node.js';
import { type RateOptions, rateMeter, stallTimer } from './connection-watch.js';
import { Interruption, refusal } from './download-errors.js';
import type { PartialFile, PartState } from './partial-file.node.js';

/** How to receive a file in one request. */
export interface ReceiveOptions extends RateOptions {
  /** Milliseconds without a byte after which a connection counts as dead; default 60 000. */
  readonly stallTimeout?: number;
  /** The most bytes that the file may have, whether or not the server says how many; default 64 GiB. */
  readonly maximumBytes?: number;
  /** Further headers of every request; `authorization` is not sent on to another origin that a redirect names. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Ends the download; the promise then rejects with the signal's reason. What has come stays. */
  readonly abortSignal?: AbortSignal;
  readonly onProgress?: (progress: DownloadProgress) => void;
}

export interface DownloadProgress {
  readonly received: number;
  /** Null where the server does not say. */
  readonly total: number | null;
}

const defaultMaximumBytes = 64 * 2 ** 30;

/** One request, for what is missing; returns when the file is whole. */
export async function receive(url: string, part: PartialFile, options: ReceiveOptions): Promise<void> {
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
async function checkSize(url: string, part: PartialFile, bytes: number, options: ReceiveOptions): Promise<void> {
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

/** `fetch` says only that it failed; why is in its cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error && cause.message !== '' ? `${message}: ${cause.message}` : message;
}
