import { setMaxListeners } from 'node:events';
import type { OpenQueue } from '../queue/connect.node.js';

/** A worker that ends waits this long for a server that is away, in ms; others notice later that it is gone. */
const farewellMilliseconds = 5000;

/** Ends a worker: because it was asked to, because nothing is left to do, or because the queue is another's. */
export class WorkerEnding {
  readonly #controller = new AbortController();
  readonly #onAbort = () => {
    this.end();
  };
  #farewell: NodeJS.Timeout | undefined;
  /** Whether the connection was closed because the server is away. */
  #isAway = false;

  constructor(
    private readonly open: Pick<OpenQueue, 'redis' | 'close'>,
    private readonly asked: AbortSignal | undefined,
    private readonly say: (line: string) => void,
  ) {
    // Each slot listens to it.
    setMaxListeners(0, this.signal);
    asked?.addEventListener('abort', this.#onAbort);
    if (asked?.aborted === true) this.end();
  }

  /** Aborts when the worker ends. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  end(): void {
    this.#controller.abort();
    // What a server that is away should still be told would wait for it.
    this.#farewell ??= setInterval(() => {
      if (this.open.redis.status === 'ready' || this.#isAway) return;
      this.#isAway = true;
      this.say("The server does not answer: the jobs at hand are others' one to two minutes after it is back.");
      void this.open.close();
    }, farewellMilliseconds);
  }

  /** The connection is closed: nothing waits for the server any more. */
  close(): void {
    clearInterval(this.#farewell);
    this.asked?.removeEventListener('abort', this.#onAbort);
  }
}
