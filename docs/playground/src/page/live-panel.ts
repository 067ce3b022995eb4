import type { Session } from '../session/session.js';
import type { JobClient } from '../work/job-client.js';
import type { LiveAnswer } from '../work/jobs.js';
import { type Bar, showBars } from './bars.js';
import { byId } from './elements.js';
import { ListenButton } from './listen-button.js';

/** Continuously classifies the last seconds of the microphone with the trained classifier. */
export class LivePanel {
  readonly #listening: ListenButton;
  #bars: readonly Bar[] = [];

  constructor(
    private readonly session: Session,
    jobs: () => Promise<JobClient>,
  ) {
    this.#listening = new ListenButton('live', session, jobs, 'probe', (answer) => {
      this.#show(answer);
    });
    session.on(['probe'], () => {
      this.#listening.stop();
      this.#bars = showBars(byId('live-bars'), session.probe?.labels ?? []);
    });
  }

  #show({ probabilities }: LiveAnswer): void {
    const labels = this.session.probe?.labels ?? [];
    this.#bars.forEach((bar, index) => {
      bar.set(probabilities[index]);
    });
    this.#listening.showBest(labels[probabilities.indexOf(Math.max(...probabilities))]);
  }
}
