import { type Microphone, openMicrophone } from '../recording/microphone.js';
import type { Session } from '../session/session.js';
import type { JobClient } from '../work/job-client.js';
import type { LiveAnswer } from '../work/jobs.js';
import { byId, make } from './elements.js';
import { percentText } from './formats.js';
import { levelOf } from './level.js';
import { showError } from './messages.js';

/** Continuously classifies the last seconds of the microphone. */
export class LivePanel {
  readonly #button = byId<HTMLButtonElement>('live');
  #running: AbortController | undefined;
  #bars: { readonly meter: HTMLMeterElement; readonly value: HTMLElement }[] = [];

  constructor(
    private readonly session: Session,
    private readonly jobs: () => Promise<JobClient>,
  ) {
    this.#button.addEventListener('click', () => {
      if (this.#running === undefined) this.#listen().catch(showError);
      else this.stop();
    });
    session.on(['probe'], () => {
      this.stop();
      this.#showBars();
    });
    session.on(['model', 'probe'], () => {
      this.#button.disabled = session.model?.embedder.channels !== 1;
    });
  }

  stop(): void {
    this.#running?.abort(new DOMException('stopped', 'AbortError'));
  }

  async #listen(): Promise<void> {
    const controller = new AbortController();
    const { signal: abortSignal } = controller;
    const { port1, port2 } = new MessageChannel();
    const level = byId<HTMLMeterElement>('live-level');
    let microphone: Microphone | undefined;
    this.#running = controller;
    this.#button.setAttribute('aria-pressed', 'true');
    this.#button.textContent = 'Stop listening';
    try {
      microphone = await openMicrophone(this.session.model?.embedder.sampleRate, (samples) => {
        level.value = levelOf(samples);
        port1.postMessage(samples, [samples.buffer]);
      });
      byId('live-top').textContent = 'Listening';
      await (
        await this.jobs()
      ).do(
        'listen',
        { chunks: port2, sampleRate: microphone.sampleRate },
        {
          abortSignal,
          transfer: [port2],
          onNews: (answer) => {
            this.#show(answer);
          },
        },
      );
    } finally {
      microphone?.close();
      port1.postMessage(null);
      level.value = 0;
      this.#running = undefined;
      this.#button.setAttribute('aria-pressed', 'false');
      this.#button.textContent = 'Listen';
      byId('live-top').textContent = '';
    }
  }

  #showBars(): void {
    const labels = this.session.probe?.labels ?? [];
    const items = labels.map((label) => {
      const meter = make('meter', { min: '0', max: '1', value: '0', 'aria-label': `Probability of ${label}` });
      const value = make('span', { class: 'value' });
      return { meter, value, item: make('li', {}, make('span', {}, label), meter, value) };
    });
    this.#bars = items;
    byId('live-bars').replaceChildren(...items.map(({ item }) => item));
  }

  #show({ probabilities }: LiveAnswer): void {
    const labels = this.session.probe?.labels ?? [];
    this.#bars.forEach(({ meter, value }, index) => {
      meter.value = probabilities[index];
      value.textContent = percentText(probabilities[index]);
    });
    const best = labels[probabilities.indexOf(Math.max(...probabilities))];
    const top = byId('live-top');
    // Only changes are announced.
    if (top.textContent !== best) top.textContent = best;
  }
}
