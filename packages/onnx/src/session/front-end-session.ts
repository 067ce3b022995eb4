import type { Session } from './session.js';
import { runWindows, type WindowBatches } from './run-windows.js';

/** A model's front end as a graph of its own, which is loaded when the first signals come: for training. */
export class FrontEndSession {
  #session: Promise<Session> | undefined;

  constructor(
    /** Loads the graph: `signal` in, prepared signals out. */
    readonly create: () => Promise<Session>,
  ) {}

  /**
   * Prepares windows of signals.
   *
   * @param windows `output` names the graph's output, and `embeddingSize` is the number of values of an example
   * @returns `[count, embeddingSize]`
   * @throws what the session throws; the abort signal's reason
   */
  async prepare(windows: WindowBatches & Required<Pick<WindowBatches, 'output'>>): Promise<Float32Array> {
    this.#session ??= this.create();
    const session = await this.#session.catch((cause: unknown) => {
      // What failed once, such as a lack of memory, may succeed later.
      this.#session = undefined;
      throw cause;
    });
    return runWindows(session, windows);
  }

  /** Frees the session; calling it again does nothing. */
  async dispose(): Promise<void> {
    const session = await this.#session?.catch(() => undefined);
    this.#session = undefined;
    await session?.dispose();
  }
}
