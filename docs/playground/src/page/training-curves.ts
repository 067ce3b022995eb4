import type { TrainingNews } from '../work/jobs.js';
import { curveFigure } from './curve.js';
import { percentText } from './formats.js';

/** Draws a training's losses and scores as they come. */
export class TrainingCurves {
  readonly #losses: number[] = [];
  readonly #scores: number[] = [];
  #update = 0;
  #updates = 1;
  #frame = 0;

  /** @param epochs of the training, each of which ends with a score */
  constructor(
    private readonly element: HTMLElement,
    private readonly epochs: number,
  ) {
    element.replaceChildren();
  }

  add(news: TrainingNews): void {
    if (news.kind === 'reading') return;
    if (news.kind === 'score') this.#scores.push(news.score);
    else {
      this.#losses.push(news.loss);
      [this.#update, this.#updates] = [news.update, news.updates];
    }
    // Steps of small models come faster than pictures.
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #draw(): void {
    const [losses, scores] = [this.#losses, this.#scores];
    const figures: HTMLElement[] = [];
    if (losses.length > 0) {
      const highest = Math.max(...losses);
      const places = losses.map((_, index) => (losses.length === 1 ? 0 : index / (losses.length - 1)));
      const share = this.#update / this.#updates;
      figures.push(
        curveFigure(`Loss of each step: ${losses[0].toFixed(3)} at first, ${losses.at(-1)!.toFixed(3)} now`, losses, {
          places: places.map((place) => place * share),
          highest: highest > 0 ? highest : 1,
        }),
      );
    }
    if (scores.length > 0) {
      const caption = `Clips held out that are labelled correctly: ${percentText(scores.at(-1)!)}, at best ${percentText(Math.max(...scores))}`;
      figures.push(
        curveFigure(caption, scores, { places: scores.map((_, index) => (index + 1) / this.epochs), highest: 1 }),
      );
    }
    this.element.replaceChildren(...figures);
  }
}
