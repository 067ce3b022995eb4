import type { Session } from './session.js';

/** A session that is created when it is first needed. */
export class LazySession {
  #session: Promise<Session> | undefined;

  constructor(
    /** Creates it. */
    readonly create: () => Promise<Session>,
  ) {}

  /**
   * The session.
   *
   * @throws what creating it throws; the next call tries again
   */
  open(): Promise<Session> {
    this.#session ??= this.create().catch((cause: unknown) => {
      // What failed once, such as a lack of memory, may succeed later.
      this.#session = undefined;
      throw cause;
    });
    return this.#session;
  }

  /** Frees the session, if there is one; calling it again does nothing. */
  async dispose(): Promise<void> {
    const session = await this.#session?.catch(() => undefined);
    this.#session = undefined;
    await session?.dispose();
  }
}
