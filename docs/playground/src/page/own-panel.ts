import type { Clip } from '../session/clip.js';
import type { Session } from '../session/session.js';
import type { JobClient } from '../work/job-client.js';
import type { Answer } from '../work/jobs.js';
import { showBars } from './bars.js';
import { byId } from './elements.js';
import { ListenButton } from './listen-button.js';
import { showError } from './messages.js';

/** How many labels are shown: of AudioSet's 527, most are far from true. */
const shownLabels = 5;

/** The labels that the loaded model's own classifier gives to the selected clip and to the microphone. */
export class OwnPanel {
  readonly #listening: ListenButton;
  readonly #button = byId<HTMLButtonElement>('own-label');

  constructor(
    private readonly session: Session,
    private readonly jobs: () => Promise<JobClient>,
  ) {
    this.#listening = new ListenButton('own-live', session, jobs, 'head', ({ probabilities }) => {
      const [best] = this.#show('own-live-bars', probabilities);
      this.#listening.showBest(best);
    });
    this.#button.addEventListener('click', () => {
      const clip = session.selected;
      if (clip !== undefined) this.#answer(clip).catch(showError);
    });
    session.on(['model'], () => {
      this.#listening.stop();
      this.#showModel();
    });
    session.on(['model', 'selection'], () => {
      this.#button.disabled = session.selected?.read?.embedding === undefined;
      byId('own-clip').textContent = '';
      byId('own-bars').replaceChildren();
    });
  }

  #showModel(): void {
    const head = this.session.model?.embedder.head;
    byId('own').hidden = head === undefined;
    byId('own-live-part').hidden = this.session.model?.embedder.channels !== 1;
    byId('own-live-bars').replaceChildren();
    if (head === undefined) return;
    const named = head.labels === undefined ? ', which the checkpoint does not name' : '';
    const holds = head.kind === 'multiclass' ? 'of which one holds' : 'any number of which may hold';
    byId('own-help').textContent = `The checkpoint has a classifier of ${head.size} labels, ${holds}${named}.`;
  }

  async #answer(clip: Clip): Promise<void> {
    const { kind, files } = clip.source;
    const jobs = await this.jobs();
    const probabilities = await jobs.do('ownLabels', { kind, files: [...files], name: clip.read?.name ?? clip.name });
    if (this.session.selected !== clip) return;
    byId('own-clip').textContent = clip.name;
    this.#show('own-bars', probabilities);
  }

  /** Shows the best labels, and returns their names. */
  #show(list: string, probabilities: Answer): string[] {
    const labels = this.session.model?.embedder.head?.labels;
    const best = [...probabilities.keys()]
      .sort((left, right) => probabilities[right] - probabilities[left])
      .slice(0, shownLabels);
    const names = best.map((index) => labels?.[index] ?? `output ${index}`);
    showBars(byId(list), names).forEach((bar, place) => {
      bar.set(probabilities[best[place]]);
    });
    return names;
  }
}
