/** A lock file as seen at one moment. */
export interface SeenLock {
  /** Its whole text. */
  readonly content: string;
  /** When its holder last touched it, by a clock that may differ from this one by hours. */
  readonly modified: number;
}

/**
 * What one waiting process has seen of a lock. The clocks of two hosts need not agree, so a modification time means
 * nothing by itself, but a change of it shows that the holder is alive.
 */
export class LockWatch {
  #seen: SeenLock | undefined;
  #since = 0;
  #moved = false;

  /** @param now milliseconds of a monotonic clock */
  constructor(readonly now: () => number = () => performance.now()) {}

  /** Whether the current holder has touched its lock while it was watched. */
  get moved(): boolean {
    return this.#moved;
  }

  /** @returns how many milliseconds the lock has been unchanged, by this process's clock */
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
