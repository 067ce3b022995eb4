import { SignalError } from '../errors.js';
import { firstNonFinite } from '../signals.js';
import { isFloat32Array, typeName } from '../type-name.js';

/** Signals that arrive in pieces; every chunk is `[channels, samples]`, with any number of samples. */
export type SignalChunks = AsyncIterable<Float32Array> | Iterable<Float32Array>;

/** How many microtask turns a chunk that waits in a queue may take to pass through a few generators. */
const turnsAtHand = 32;

type Result = IteratorResult<Float32Array, unknown>;

/** Reads chunks one after the other, checks them, and closes the source at the end. */
export class ChunkReader {
  readonly #iterator: AsyncIterator<Float32Array, unknown> | Iterator<Float32Array, unknown>;
  readonly #channels: number;
  readonly #abortSignal: AbortSignal | undefined;
  #pending: { readonly result: Promise<Result>; settled: boolean; failed: boolean } | undefined;
  #isOver = false;
  /** Samples in the chunks so far, for errors. */
  #samples = 0;

  constructor(chunks: SignalChunks, channels: number, abortSignal: AbortSignal | undefined) {
    this.#iterator = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
    this.#channels = channels;
    this.#abortSignal = abortSignal;
  }

  /**
   * The next chunk, or undefined at the end.
   *
   * @throws SignalError for an invalid chunk, the source's error, or the abort signal's reason
   */
  async next(): Promise<Float32Array | undefined> {
    this.#abortSignal?.throwIfAborted();
    const { result } = this.#ask();
    const { done, value } = await unlessAborted(result, this.#abortSignal);
    if (done === true) {
      // The end can be read again.
      this.#isOver = true;
      return undefined;
    }
    this.#pending = undefined;
    return value;
  }

  /** Whether `next` can answer without waiting: with a chunk, or the end. An error can wait. */
  async isAtHand(): Promise<boolean> {
    const pending = this.#ask();
    for (let turn = 0; turn < turnsAtHand && !pending.settled; turn += 1) await Promise.resolve();
    return pending.settled && !pending.failed;
  }

  /** Closes the source if it has not ended by itself. */
  async close(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    const returned = Promise.resolve(this.#iterator.return?.());
    // Not awaited: a generator that waits for more signal would keep the caller waiting too.
    if (this.#pending?.settled === false) returned.catch(() => undefined);
    else await returned;
  }

  #ask() {
    if (this.#pending !== undefined) return this.#pending;
    const result = this.#read();
    const pending = { result, settled: false, failed: false };
    this.#pending = pending;
    result.then(
      () => {
        pending.settled = true;
      },
      () => {
        pending.settled = pending.failed = true;
      },
    );
    return pending;
  }

  async #read(): Promise<Result> {
    let result: Result;
    try {
      result = await this.#iterator.next();
    } catch (error) {
      // A source that failed has ended: there is nothing to close.
      this.#isOver = true;
      throw error;
    }
    if (result.done !== true) this.#check(result.value);
    return result;
  }

  #check(chunk: unknown): void {
    const channels = this.#channels;
    const asked = `a chunk of samples after sample ${this.#samples} of the stream`;
    if (!isFloat32Array(chunk) || chunk.length % channels !== 0) {
      const found = isFloat32Array(chunk) ? `${chunk.length} values for ${channels} channels` : typeName(chunk);
      throw new SignalError({ asked, found, fix: `pass a Float32Array of [${channels}, samples]` });
    }
    const offending = firstNonFinite(chunk);
    if (offending >= 0) {
      const sample = this.#samples + (offending % (chunk.length / channels));
      throw new SignalError({
        asked,
        found: `${chunk[offending]} at sample ${sample}`,
        fix: 'fix the source, or put zeros where samples are missing',
      });
    }
    this.#samples += chunk.length / channels;
  }
}

/**
 * Refuses anything but a source of chunks, which plain JavaScript may pass.
 *
 * @throws SignalError
 */
export function checkSource(chunks: unknown): void {
  const isSource =
    typeof chunks === 'object' && chunks !== null && (Symbol.asyncIterator in chunks || Symbol.iterator in chunks);
  if (isSource && !ArrayBuffer.isView(chunks)) return;
  throw new SignalError({
    asked: 'a stream of chunks',
    found: `${typeName(chunks)} instead of one`,
    fix: isFloat32Array(chunks)
      ? 'pass a complete signal as [signal]'
      : 'pass an iterable or async iterable of Float32Array',
  });
}

/** Waits for a promise, but only until the signal is aborted: a source may never give another chunk. */
async function unlessAborted<Value>(promise: Promise<Value>, abortSignal: AbortSignal | undefined): Promise<Value> {
  if (abortSignal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const stop = () => {
      reject(abortSignal.reason as Error);
    };
    abortSignal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => {
      abortSignal.removeEventListener('abort', stop);
    });
  });
}
