import { FileError } from '@hearken/core';
import { checksumOfHeaders } from './checksum.node.js';
import { type RateOptions, rateMeter, stallTimer } from './connection-watch.js';
import { Interruption, refusal } from './download-errors.js';
import type { PartialFile, PartState } from './partial-file.node.js';

/** How to receive a file with one request. */
export interface ReceiveOptions extends RateOptions {
  /** Milliseconds without a byte after which a connection counts as dead; default 60 000. */
  readonly stallTimeout?: number;
  /** Maximum size of the file in bytes, whether or not the server sends its size; default 64 GiB. */
  readonly maximumBytes?: number;
  /** Additional headers of every request; `authorization` is not sent to another origin after a redirect. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Ends the download; the promise then rejects with the signal's reason. The received part is kept. */
  readonly abortSignal?: AbortSignal;
  readonly onProgress?: (progress: DownloadProgress) => void;
}

export interface DownloadProgress {
  readonly received: number;
  /** Null if the server does not say. */
  readonly total: number | null;
}

const defaultMaximumBytes = 64 * 2 ** 30;

/** Makes one request for what is missing; returns when the file is complete. */
export async function receive(url: string, part: PartialFile, options: ReceiveOptions): Promise<void> {
  const connection = new AbortController();
  const signals = [connection.signal, ...(options.abortSignal === undefined ? [] : [options.abortSignal])];
  const stall = stallTimer(options.stallTimeout ?? 60_000, connection);
  try {
    // A resumed body continues exactly these bytes, so it must not be compressed in transit.
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
      throw new Interruption(`received ${part.size} of ${total} bytes`);
    }
  } catch (cause) {
    if (cause instanceof FileError || cause instanceof Interruption) throw cause;
    throw new Interruption(stall.expired() ? 'the server stopped sending' : reasonOf(cause));
  } finally {
    stall.stop();
    // The rest of the body, if any, is not needed.
    connection.abort();
  }
}

/** Prepares the part for the body of `response`; false if nothing is missing. */
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
    throw new Interruption('the file on the server has changed');
  }
  if (response.status !== 200) throw refusal(url, response.status);
  const encoding = response.headers.get('content-encoding') ?? 'identity';
  if (encoding !== 'identity') {
    throw new FileError({
      asked: `'${url}' uncompressed`,
      found: `the server compresses it in transit (${encoding})`,
      fix: 'download it in another way, or from another mirror',
    });
  }
  await part.restart(stateOf(url, response.headers));
  return true;
}

/** Why a partial response does not continue the part; undefined if it does. */
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
  // A server that implements If-Range sends a range of the same file only; others are caught here.
  const isDate = state.validator?.startsWith('"') === false;
  const validator = headers.get(isDate ? 'last-modified' : 'etag');
  if (validator !== null && validator !== state.validator) return 'the file on the server has changed';
  return undefined;
}

/** Refuses a file that is too large; a server that does not send the size could send bytes forever. */
async function checkSize(url: string, part: PartialFile, bytes: number, options: ReceiveOptions): Promise<void> {
  const { maximumBytes = defaultMaximumBytes } = options;
  if (bytes <= maximumBytes) return;
  const total = part.state?.total ?? null;
  await part.discard();
  throw new FileError({
    asked: `'${url}', at most ${maximumBytes} bytes`,
    found: total === null ? 'more than that' : `${bytes} bytes`,
    fix: 'check the address, or give another source with --mirror',
  });
}

function stateOf(url: string, headers: Headers): PartState {
  const length = headers.get('content-length');
  const total = length !== null && /^\d{1,15}$/.test(length) ? Number(length) : null;
  const etag = headers.get('etag');
  // A weak ETag identifies equivalent content, not identical bytes.
  const strong = etag !== null && !etag.startsWith('W/') ? etag : null;
  const validator = strong ?? headers.get('last-modified');
  const checksum = checksumOfHeaders(headers);
  return { url, validator, total, ...(checksum === undefined ? {} : { checksum }) };
}

/** `fetch` only says that it failed; the reason is in its cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error && cause.message !== '' ? `${message}: ${cause.message}` : message;
}
