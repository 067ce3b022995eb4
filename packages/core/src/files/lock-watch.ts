/** A lock file at one look. */
export interface SeenLock {
  /** All of its text. */
  readonly content: string;
  /** When its holder last touched it, by a clock that may be hours off this one's. */
  readonly modified: number;
}

/**
 * What one waiting process has seen of a lock. Clocks of two hosts need not agree, so that a time of modification says
 * nothing by itself; that it changes, says that the holder lives.
 */
export class LockWatch {
  #seen: SeenLock | undefined;
  #since = 0;
  #moved = false;

  /** @param now milliseconds of a clock that only goes forward */
  constructor(readonly now: () => number = () => performance.now()) {}

  /** Whether the present holder has touched its lock while it was watched. */
  get moved(): boolean {
    return this.#moved;
  }

  /** @returns milliseconds for which the lock has been as it is now, by this process's clock */
  look(seen: SeenLock): number {
    const before = this.#seen;
    const isSame = before?.content === seen.content;
    if (!isSame || before.modified !== seen.modified) {
      this.#moved = isSame;
      this.#since = this.now();
      this.#seen = seen;
    }
    return this.now() - this.#since;
  }
}
