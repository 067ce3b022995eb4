/** Estimates how much longer a piece of work takes. */
export interface TimeLeft {
  /** Starts a piece of work of which `done` units are already finished. */
  begin(done: number): void;
  /**
   * Seconds left if the remaining units take as long as those finished since `begin`; undefined before the first.
   */
  at(done: number, total: number): number | undefined;
}

/** @param now a clock in seconds */
export function timeLeft(now = () => performance.now() / 1000): TimeLeft {
  let began = now();
  let doneAtStart = 0;
  /** Number of finished units, and when the last one finished. */
  let units = 0;
  let unitsAt = began;
  return {
    begin(done) {
      began = now();
      unitsAt = began;
      doneAtStart = units = done;
    },
    at(done, total) {
      if (done !== units) {
        units = done;
        unitsAt = now();
      }
      if (units <= doneAtStart) return undefined;
      const perUnit = (unitsAt - began) / (units - doneAtStart);
      return Math.max(0, perUnit * (total - units) - (now() - unitsAt));
    },
  };
}
