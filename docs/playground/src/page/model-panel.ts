import { modelName } from '@hearken/results';
import { catalogue, type ModelChoice } from '../models/catalogue.js';
import type { ModelLoader } from '../session/model-loader.js';
import type { Session } from '../session/session.js';
import { byId, make, showFacts, takeDrops } from './elements.js';
import { bytesText, plural } from './formats.js';
import { showError } from './messages.js';

/** The form for choosing a model, its checkpoint and its backend. */
export class ModelPanel {
  readonly #choice = byId<HTMLSelectElement>('model-choice');
  readonly #url = byId<HTMLInputElement>('checkpoint-url');
  readonly #files = byId<HTMLInputElement>('checkpoint-files');
  #chosen: File[] = [];

  constructor(
    private readonly session: Session,
    private readonly loader: ModelLoader,
  ) {
    this.#choice.append(...catalogue.map(({ key, title }) => make('option', { value: key }, title)));
    this.#choice.addEventListener('change', () => {
      this.#take([]);
      this.#showChoice();
    });
    this.#files.addEventListener('change', () => {
      this.#take([...(this.#files.files ?? [])]);
    });
    takeDrops(byId('checkpoint-drop'), (files) => {
      this.#take(files);
    });
    byId('model-load').addEventListener('click', () => {
      this.load().catch(showError);
    });
    byId('model-cancel').addEventListener('click', () => {
      loader.cancel();
    });
    session.on(['model'], () => {
      this.#showModel();
    });
    this.#showChoice();
    this.#showModel();
  }

  get choice(): ModelChoice {
    return catalogue.find(({ key }) => key === this.#choice.value) ?? catalogue[0];
  }

  /** Loads the model selected in the form. @throws what loading throws */
  async load(): Promise<void> {
    const { choice } = this;
    const url = this.#url.value.trim();
    const source = this.#chosen.length > 0 ? this.#chosen : url === '' ? undefined : url;
    const precision = byId<HTMLSelectElement>('precision').value;
    const [bar, text] = [byId<HTMLProgressElement>('model-progress-bar'), byId('model-progress-text')];
    this.#showBusy(true);
    bar.removeAttribute('value');
    text.textContent = 'Loading';
    try {
      await this.loader.load(choice, {
        source: choice.checkpoint === undefined ? undefined : source,
        precision: choice.checkpoint?.hasInt8 === true ? precision : undefined,
        provider: byId<HTMLSelectElement>('provider').value,
        onDownload(received, total) {
          text.textContent = `${bytesText(received)}${total === undefined ? '' : ` of ${bytesText(total)}`}`;
          if (total !== undefined) bar.value = received / total;
          if (received === total) text.textContent += ', building the model';
        },
      });
    } finally {
      this.#showBusy(false);
    }
  }

  /** Loads files in place of the checkpoint that is loaded. @throws what loading throws */
  async loadFiles(key: string, files: readonly File[]): Promise<void> {
    this.choose(key);
    this.#take([...files]);
    await this.load();
  }

  /** Selects another entry, for clips that need it. */
  choose(key: string): void {
    this.#choice.value = key;
    this.#take([]);
    this.#showChoice();
  }

  #take(files: File[]): void {
    this.#chosen = files;
    if (files.length === 0) this.#files.value = '';
    byId('checkpoint-chosen').textContent = files.map(({ name, size }) => `${name} (${bytesText(size)})`).join(', ');
  }

  #showChoice(): void {
    const { checkpoint, signal } = this.choice;
    byId('checkpoint').hidden = checkpoint === undefined;
    const help = byId('model-help');
    const takes = signal === 'audio' ? 'Takes audio.' : 'Takes 12-lead ECGs.';
    if (checkpoint === undefined) {
      help.textContent = takes;
      return;
    }
    const link = make('a', { href: checkpoint.page, target: '_blank', rel: 'noreferrer' }, 'where they are published');
    help.replaceChildren(`${takes} Needs ${checkpoint.files}: `, link, `. Licence: ${checkpoint.license}.`);
    this.#url.value = '';
    this.#url.placeholder = checkpoint.url ?? 'https://';
    const precision = byId<HTMLSelectElement>('precision');
    precision.hidden = !checkpoint.hasInt8;
    document.querySelector<HTMLLabelElement>('label[for=precision]')!.hidden = !checkpoint.hasInt8;
  }

  #showBusy(busy: boolean): void {
    byId<HTMLButtonElement>('model-load').disabled = busy;
    byId('model-cancel').hidden = !busy;
    byId('model-progress').hidden = !busy;
  }

  #showModel(): void {
    const { model } = this.session;
    const facts = byId('model-facts');
    if (model === undefined) {
      showFacts(facts, [['Loaded', 'no model yet; the first clip loads a baseline']]);
      return;
    }
    const { provenance: named } = this.session;
    const { provenance, sampleRate, channels, sceneEmbeddingSize } = model.embedder;
    showFacts(facts, [
      ['Loaded', `${modelName(named ?? provenance)}, plugin ${provenance.pluginVersion}`],
      ['Runs on', model.backend],
      ['Takes', `${plural(channels, 'channel')} at ${sampleRate} Hz`],
      ['Gives', `${sceneEmbeddingSize} values per clip`],
      ['SHA-256', provenance.checkpointSha256 ?? 'none: no checkpoint'],
    ]);
  }
}
