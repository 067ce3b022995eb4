/**
 * Divides time among parallel trainings, so that their seconds add up to the elapsed time: at each moment, all get the
 * same share.
 */
export class SharedClock {
  /** Seconds of a training that had run from the start. */
  #share = 0;
  #running = 0;
  #last = 0;

  /** @param now milliseconds since any fixed time */
  constructor(readonly now: () => number = () => performance.now()) {}

  /**
   * Call when a training starts.
   *
   * @returns a function to call at its end, which returns its seconds
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
