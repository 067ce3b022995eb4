import type { EvaluationProgress } from './evaluation.js';

/** Counts finished and running trainings in one stage of an evaluation. */
export class StageProgress {
  #finished = 0;
  /** Finished share of each running training's epochs, by index. */
  readonly #running = new Map<number, number>();

  constructor(
    readonly stage: EvaluationProgress['stage'],
    readonly total: number,
    readonly onProgress: ((progress: EvaluationProgress) => void) | undefined,
  ) {}

  begin(index: number): void {
    this.#running.set(index, 0);
  }

  epoch(index: number, epoch: number, maxEpochs: number, bestScore: number | null): void {
    // A probe that counts steps may exceed what it announced.
    this.#running.set(index, Math.min(1, epoch / maxEpochs));
    const shares = [...this.#running.values()].reduce((sum, share) => sum + share, 0);
    const { stage, total } = this;
    const counts = { finished: this.#finished, running: this.#running.size, done: this.#finished + shares };
    this.onProgress?.({ stage, index, total, epoch, maxEpochs, bestScore, ...counts });
  }

  finish(index: number): void {
    this.#running.delete(index);
    this.#finished += 1;
  }
}
