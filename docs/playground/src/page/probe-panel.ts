import { isEmbedded } from '../session/clip.js';
import { type Session, tableOf } from '../session/session.js';
import type { JobClient } from '../work/job-client.js';
import type { TrainedProbe } from '../work/jobs.js';
import { byId, make } from './elements.js';
import { percentText, plural } from './formats.js';
import { showError, showStatus } from './messages.js';

const fewestClips = 4;

/** Trains a classifier on the labelled clips and shows which labels it confuses. */
export class ProbePanel {
  #running: AbortController | undefined;

  constructor(
    private readonly session: Session,
    private readonly jobs: () => Promise<JobClient>,
  ) {
    byId('probe-train').addEventListener('click', () => {
      this.#train().catch(showError);
    });
    byId('probe-cancel').addEventListener('click', () => {
      this.#running?.abort(new DOMException('cancelled', 'AbortError'));
    });
    session.on(['clips', 'embeddings'], () => {
      this.#showReadiness();
    });
    session.on(['probe'], () => {
      this.#showResult();
    });
    this.#showReadiness();
  }

  get #labelled() {
    return this.session.embedded.filter(({ label }) => label !== '');
  }

  #showReadiness(): void {
    const clips = this.#labelled;
    const kinds = new Set(clips.map(({ label }) => label)).size;
    const isReady = clips.length >= fewestClips && kinds >= 2;
    byId<HTMLButtonElement>('probe-train').disabled = !isReady || this.#running !== undefined;
    byId('probe-help').textContent = isReady
      ? `${plural(clips.length, 'labelled clip')} with ${kinds} labels.`
      : `Label at least ${fewestClips} clips with at least two labels, then train. So far: ${plural(clips.length, 'clip')}, ${plural(kinds, 'label')}.`;
  }

  async #train(): Promise<void> {
    const clips = this.#labelled;
    const progress = byId<HTMLProgressElement>('probe-progress');
    const folds = Math.max(2, Math.min(10, Math.round(Number(byId<HTMLInputElement>('probe-folds').value) || 5)));
    this.#running = new AbortController();
    this.#showBusy(true);
    progress.removeAttribute('value');
    try {
      const ask = {
        ...tableOf(clips),
        labels: clips.map(({ label }) => label),
        probe: byId<HTMLSelectElement>('probe-kind').value === 'mlp' ? ('mlp' as const) : ('linear' as const),
        folds,
      };
      const probe = await (
        await this.jobs()
      ).do('train', ask, {
        abortSignal: this.#running.signal,
        onNews: (done) => {
          progress.value = done;
        },
      });
      this.session.setProbe(probe);
      clips.forEach((clip, index) => {
        const told = { label: ask.labels[index], prediction: probe.predictions[index] };
        this.session.trainedOn.set(clip, told);
      });
      showStatus(
        `Trained: ${percentText(probe.accuracy)} of ${plural(probe.clips, 'clip')} right in cross-validation.`,
      );
      await this.#classify(probe);
    } finally {
      this.#running = undefined;
      this.#showBusy(false);
      this.#showReadiness();
    }
  }

  /** The classifier's predictions for all clips, labelled or not. */
  async #classify({ labels }: TrainedProbe): Promise<void> {
    const clips = this.session.embedded;
    const answers = await (await this.jobs()).do('classify', tableOf(clips));
    answers.forEach((probabilities, row) => {
      const probability = Math.max(...probabilities);
      const clip = clips[row];
      const label = labels[probabilities.indexOf(probability)];
      if (isEmbedded(clip)) clip.answer = { label, probability, probabilities };
    });
    this.session.changed('clips', 'probe');
  }

  #showBusy(busy: boolean): void {
    byId('probe-cancel').hidden = !busy;
    byId('probe-progress').hidden = !busy;
    byId<HTMLButtonElement>('probe-train').disabled = busy;
  }

  #showResult(): void {
    const { probe } = this.session;
    byId('probe-result').hidden = probe === undefined;
    if (probe === undefined) return;
    byId('probe-score').textContent =
      `${percentText(probe.accuracy)} of ${plural(probe.clips, 'clip')} right in ${probe.folds}-fold cross-validation ` +
      `(the most frequent label alone: ${percentText(probe.chance)}), ` +
      `${percentText(probe.balancedAccuracy)} if all labels count equally (by chance: ${percentText(1 / probe.labels.length)}).`;
    byId('confusion').replaceChildren(confusionTable(probe));
  }
}

function confusionTable({ labels, confusion }: TrainedProbe): HTMLTableElement {
  const table = make('table', { class: 'confusion' }, make('caption', {}, 'Rows: labels. Columns: predictions.'));
  const head = labels.map((label) => make('th', { scope: 'col' }, label));
  table.append(make('thead', {}, make('tr', {}, make('td'), ...head)));
  const body = confusion.map((row, index) => {
    const total = Math.max(
      1,
      row.reduce((sum, value) => sum + value, 0),
    );
    const cells = row.map((value) => {
      const cell = make('td', {}, String(value));
      cell.style.background = `color-mix(in srgb, var(--accent) ${Math.round((45 * value) / total)}%, transparent)`;
      return cell;
    });
    return make('tr', {}, make('th', { scope: 'row' }, labels[index]), ...cells);
  });
  table.append(make('tbody', {}, ...body));
  return table;
}
