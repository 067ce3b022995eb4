import { resumeText } from '../queue/paused-queue.js';
import type { QueueState } from './choose-queue.js';

/** Says once that somebody has paused a queue, and once that it goes on. */
export class PauseWatch {
  #paused: ReadonlySet<string> = new Set();

  constructor(private readonly say: (line: string) => void) {}

  look(states: readonly QueueState[]): void {
    const paused = new Set(states.filter(({ isPaused }) => isPaused).map(({ name }) => name));
    for (const name of paused) {
      if (!this.#paused.has(name)) this.say(`Queue '${name}' is paused, and gives no jobs; ${resumeText(name)}`);
    }
    for (const name of this.#paused) if (!paused.has(name)) this.say(`Queue '${name}' goes on.`);
    this.#paused = paused;
  }
}
