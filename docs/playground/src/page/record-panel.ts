import { type Microphone, openMicrophone } from '../recording/microphone.js';
import { WavRecording } from '../recording/wav-recording.js';
import { byId } from './elements.js';
import { durationText } from './formats.js';
import { levelOf } from './level.js';
import { showError } from './messages.js';

/** A recording stops automatically before it is too long to be read. */
const mostSeconds = 15 * 60;

/** Records a clip, with a meter that shows the microphone's level. */
export class RecordPanel {
  readonly #button = byId<HTMLButtonElement>('record');
  #microphone: Microphone | undefined;
  #recording: WavRecording | undefined;
  #count = 0;

  /** @param take receives each recording */
  constructor(private readonly take: (file: File) => void) {
    this.#button.addEventListener('click', () => {
      if (this.#button.getAttribute('aria-pressed') === 'true') this.#stop();
      else this.#start().catch(showError);
    });
  }

  async #start(): Promise<void> {
    this.#showPressed(true);
    try {
      this.#microphone = await openMicrophone(undefined, (samples) => {
        this.#hear(samples);
      });
      this.#recording = new WavRecording(this.#microphone.sampleRate);
    } catch (error) {
      this.#showPressed(false);
      throw error;
    }
  }

  #hear(samples: Float32Array): void {
    const recording = this.#recording;
    if (recording === undefined) return;
    recording.add(samples);
    byId<HTMLMeterElement>('record-level').value = levelOf(samples);
    byId('record-time').textContent = durationText(recording.seconds);
    if (recording.seconds >= mostSeconds) this.#stop();
  }

  #stop(): void {
    const recording = this.#recording;
    this.#microphone?.close();
    this.#microphone = this.#recording = undefined;
    this.#showPressed(false);
    if (recording === undefined || recording.seconds === 0) return;
    this.#count += 1;
    this.take(recording.file(`recording ${this.#count}.wav`));
  }

  #showPressed(pressed: boolean): void {
    this.#button.setAttribute('aria-pressed', String(pressed));
    this.#button.textContent = pressed ? 'Stop recording' : 'Record';
    byId<HTMLMeterElement>('record-level').value = 0;
    byId('record-time').textContent = '';
  }
}
