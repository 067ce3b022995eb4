import { LazySession } from './lazy-session.js';
import type { Session } from './session.js';
import { runWindows, type WindowBatches } from './run-windows.js';

/** A model's front end as a graph of its own, which is loaded when the first signals come: for training. */
export class FrontEndSession {
  readonly #session: LazySession;

  /** @param create loads the graph: `signal` in, prepared signals out */
  constructor(create: () => Promise<Session>) {
    this.#session = new LazySession(create);
  }

  /**
   * Prepares windows of signals.
   *
   * @param windows `output` names the graph's output, and `embeddingSize` is the number of values of an example
   * @returns `[count, embeddingSize]`
   * @throws what the session throws; the abort signal's reason
   */
  async prepare(windows: WindowBatches & Required<Pick<WindowBatches, 'output'>>): Promise<Float32Array> {
    return runWindows(await this.#session.open(), windows);
  }

  /** Frees the session; calling it again does nothing. */
  dispose(): Promise<void> {
    return this.#session.dispose();
  }
}
