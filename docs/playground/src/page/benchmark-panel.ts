import { modelName } from '@hearken/results';
import type { MiniResult } from '@hearken/bench/web';
import type { Session } from '../session/session.js';
import type { JobClient } from '../work/job-client.js';
import { byId, make } from './elements.js';
import { showError, showStatus } from './messages.js';

/** Scores the loaded model on small tasks made in the page. */
export class BenchmarkPanel {
  #running: AbortController | undefined;

  /** @param ready loads a model if none is loaded */
  constructor(
    private readonly session: Session,
    private readonly jobs: () => Promise<JobClient>,
    private readonly ready: () => Promise<void>,
  ) {
    byId('benchmark-run').addEventListener('click', () => {
      this.#run().catch(showError);
    });
    byId('benchmark-cancel').addEventListener('click', () => {
      this.#running?.abort(new DOMException('cancelled', 'AbortError'));
    });
    session.on(['model'], () => {
      byId('benchmark-result').hidden = true;
    });
  }

  async #run(): Promise<void> {
    const [bar, text] = [byId<HTMLProgressElement>('benchmark-progress-bar'), byId('benchmark-progress-text')];
    this.#running = new AbortController();
    this.#showBusy(true);
    bar.removeAttribute('value');
    text.textContent = '';
    try {
      await this.ready();
      const rows = await (
        await this.jobs()
      ).do('benchmark', null, {
        abortSignal: this.#running.signal,
        onNews: (news) => {
          bar.value = news.done;
          text.textContent = news.text;
        },
      });
      this.#show(rows);
      showStatus('The mini benchmark is done.');
    } finally {
      this.#running = undefined;
      this.#showBusy(false);
    }
  }

  #showBusy(busy: boolean): void {
    byId<HTMLButtonElement>('benchmark-run').disabled = busy;
    byId('benchmark-cancel').hidden = byId('benchmark-progress').hidden = !busy;
  }

  #show(rows: readonly MiniResult[]): void {
    const { provenance } = this.session;
    const heads = ['Task', 'Metric', 'Score', 'Clips', 'Embed', 'Probe'];
    const table = make('table', {}, make('caption', {}, provenance === undefined ? '' : modelName(provenance)));
    table.append(make('thead', {}, make('tr', {}, ...heads.map((head) => make('th', { scope: 'col' }, head)))));
    const body = rows.map(({ task, metric, score, deviation, seconds, clips }) =>
      make(
        'tr',
        {},
        make('th', { scope: 'row' }, task),
        ...[
          metric,
          scoreText(score, deviation),
          String(clips),
          `${seconds.embed.toFixed(1)} s`,
          `${seconds.probe.toFixed(1)} s`,
        ].map((text) => make('td', {}, text)),
      ),
    );
    table.append(make('tbody', {}, ...body));
    const result = byId('benchmark-result');
    result.replaceChildren(table);
    result.hidden = false;
  }
}

function scoreText(score: number | null, deviation: number | null): string {
  if (score === null) return '–';
  return deviation === null ? score.toFixed(3) : `${score.toFixed(3)} ± ${deviation.toFixed(3)}`;
}
