/** Something that happens once, for tests that wait for it: no fixed time would be right on every machine. */
export class Milestone {
  /** Resolves when it has happened. */
  readonly reached: Promise<void>;
  #resolve: () => void = () => undefined;

  constructor() {
    this.reached = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** It has happened. */
  readonly reach = (): void => {
    this.#resolve();
  };
}
