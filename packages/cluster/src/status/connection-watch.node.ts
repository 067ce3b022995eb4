import type { OpenQueue } from '../queue/connect.node.js';

/** Says once that a server is away, and once that it is back. */
export class ConnectionWatch {
  #isAway = false;
  readonly #onClose = () => {
    this.#away();
  };

  constructor(
    private readonly queue: Pick<OpenQueue, 'redis' | 'shown'>,
    private readonly say: (line: string) => void,
    private readonly patience = 10_000,
  ) {
    queue.redis.on('close', this.#onClose);
  }

  /**
   * What the server answers, however long that takes: the client connects again and asks again by itself.
   *
   * @throws errors of the server but for those by which it asks to be asked later; the abort signal's reason
   */
  async answer<Answer>(ask: () => Promise<Answer>, abortSignal: AbortSignal | undefined): Promise<Answer> {
    for (;;) {
      const timer = setTimeout(this.#onClose, this.patience);
      try {
        const answer = await untilAborted(ask(), abortSignal);
        if (this.#isAway) this.say(`The queue ${this.queue.shown} answers again.`);
        this.#isAway = false;
        return answer;
      } catch (error) {
        if (!asksToWait(error)) throw error;
        this.#away();
        await delay(1000, abortSignal);
      } finally {
        clearTimeout(timer);
      }
    }
  }

  close(): void {
    this.queue.redis.off('close', this.#onClose);
  }

  #away(): void {
    if (this.#isAway) return;
    this.#isAway = true;
    this.say(`The queue ${this.queue.shown} does not answer. Waiting for it; workers finish what they have.`);
  }
}

/** Waits for some milliseconds. @throws the abort signal's reason */
export async function delay(milliseconds: number, abortSignal: AbortSignal | undefined): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  try {
    await untilAborted(new Promise<void>((done) => (timer = setTimeout(done, milliseconds))), abortSignal);
  } finally {
    clearTimeout(timer);
  }
}

/** By these errors, a server says that it has just started, is occupied by a script, or changes its role. */
function asksToWait(error: unknown): boolean {
  return error instanceof Error && /^(?:LOADING|BUSY|TRYAGAIN|MASTERDOWN|CLUSTERDOWN)\b/u.test(error.message);
}

async function untilAborted<Value>(work: Promise<Value>, abortSignal: AbortSignal | undefined): Promise<Value> {
  if (abortSignal === undefined) return work;
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, fail) => {
    stop = () => {
      fail(abortSignal.reason as Error);
    };
    if (abortSignal.aborted) stop();
    abortSignal.addEventListener('abort', stop);
  });
  // Commands that wait for a connection fail when it is closed.
  work.catch(() => undefined);
  aborted.catch(() => undefined);
  try {
    return await Promise.race([aborted, work]);
  } finally {
    if (stop !== undefined) abortSignal.removeEventListener('abort', stop);
  }
}
