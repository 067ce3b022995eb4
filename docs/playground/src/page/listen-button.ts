import { type Microphone, openMicrophone } from '../recording/microphone.js';
import type { Session } from '../session/session.js';
import type { JobClient } from '../work/job-client.js';
import type { LiveAnswer, LiveSource } from '../work/jobs.js';
import { byId } from './elements.js';
import { levelOf } from './level.js';
import { showError } from './messages.js';

/** A button that listens to the microphone, a meter of its level beside it, and a line for the best label. */
export class ListenButton {
  readonly #button: HTMLButtonElement;
  readonly #level: HTMLMeterElement;
  readonly #top: HTMLElement;
  #running: AbortController | undefined;

  /**
   * @param prefix id of the button; those of the meter and the line end with `-level` and `-top`
   * @param answers what answers
   * @param onAnswer called with each answer
   */
  constructor(
    prefix: string,
    private readonly session: Session,
    private readonly jobs: () => Promise<JobClient>,
    private readonly answers: LiveSource,
    private readonly onAnswer: (answer: LiveAnswer) => void,
  ) {
    this.#button = byId<HTMLButtonElement>(prefix);
    this.#level = byId<HTMLMeterElement>(`${prefix}-level`);
    this.#top = byId(`${prefix}-top`);
    this.#button.addEventListener('click', () => {
      if (this.#running === undefined) this.#listen().catch(showError);
      else this.stop();
    });
    session.on(['model', 'probe'], () => {
      this.#button.disabled = session.model?.embedder.channels !== 1;
    });
  }

  stop(): void {
    this.#running?.abort(new DOMException('stopped', 'AbortError'));
  }

  /** Shows the best label; only changes are announced. */
  showBest(label: string): void {
    if (this.#top.textContent !== label) this.#top.textContent = label;
  }

  async #listen(): Promise<void> {
    const controller = new AbortController();
    const { signal: abortSignal } = controller;
    const { port1, port2 } = new MessageChannel();
    let microphone: Microphone | undefined;
    this.#running = controller;
    this.#button.setAttribute('aria-pressed', 'true');
    this.#button.textContent = 'Stop listening';
    try {
      microphone = await openMicrophone(this.session.model?.embedder.sampleRate, (samples) => {
        this.#level.value = levelOf(samples);
        port1.postMessage(samples, [samples.buffer]);
      });
      this.#top.textContent = 'Listening';
      const ask = { chunks: port2, sampleRate: microphone.sampleRate, answers: this.answers };
      const jobs = await this.jobs();
      await jobs.do('listen', ask, { abortSignal, transfer: [port2], onNews: this.onAnswer });
    } finally {
      microphone?.close();
      port1.postMessage(null);
      this.#level.value = 0;
      this.#running = undefined;
      this.#button.setAttribute('aria-pressed', 'false');
      this.#button.textContent = 'Listen';
      this.#top.textContent = '';
    }
  }
}
