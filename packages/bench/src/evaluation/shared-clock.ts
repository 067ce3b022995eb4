/**
 * Divides time between trainings that go on at once, so that their seconds add up to those that passed: of each
 * moment, each gets the same share.
 */
export class SharedClock {
  /** Seconds that a training would have had if it had always been there. */
  #share = 0;
  #running = 0;
  #last = 0;

  /** @param now milliseconds from any start */
  constructor(readonly now: () => number = () => performance.now()) {}

  /**
   * A training begins.
   *
   * @returns ends it, and tells its seconds
   */
  start(): () => number {
    this.#advance();
    this.#running += 1;
    const before = this.#share;
    return () => {
      this.#advance();
      this.#running -= 1;
      return this.#share - before;
    };
  }

  #advance(): void {
    const now = this.now();
    if (this.#running > 0) this.#share += (now - this.#last) / 1000 / this.#running;
    this.#last = now;
  }
}
