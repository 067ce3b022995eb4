import type { EmbeddedClip } from '../session/clip.js';
import type { LoadedModel, Session } from '../session/session.js';
import type { FineTunedModel, TrainingAsk, TrainingNews, TrainingPlan } from '../work/jobs.js';
import type { TrainingPlace } from '../work/start-worker.js';
import { byId, make, makeButton, showFacts } from './elements.js';
import { bytesText, percentText, plural } from './formats.js';
import { showError, showStatus } from './messages.js';
import { saveFile } from './save-file.js';
import { TrainingCurves } from './training-curves.js';

const fewestClips = 4;
/** Milliseconds without a change before a plan is made. */
const planDelay = 300;

/** Fine-tunes the loaded model itself on the labelled clips. */
export class FinetunePanel {
  readonly #recipe = byId<HTMLSelectElement>('finetune-recipe');
  readonly #start = byId<HTMLButtonElement>('finetune-start');
  #place: TrainingPlace | undefined;
  #running: AbortController | undefined;
  #plan: TrainingPlan | undefined;
  #planning = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #model: LoadedModel | undefined;

  /**
   * @param startTraining starts a worker for one model
   * @param use loads a fine-tuned model into the page
   */
  constructor(
    private readonly session: Session,
    private readonly startTraining: () => TrainingPlace,
    private readonly use: (key: string, files: readonly File[]) => Promise<void>,
  ) {
    this.#start.addEventListener('click', () => {
      this.#train().catch(showError);
    });
    byId('finetune-cancel').addEventListener('click', () => {
      this.#running?.abort(new DOMException('cancelled', 'AbortError'));
    });
    for (const id of ['finetune-recipe', 'finetune-epochs', 'finetune-batch']) {
      byId(id).addEventListener('change', () => {
        this.#replan();
      });
    }
    session.on(['model'], () => {
      this.#takeModel();
    });
    session.on(['clips', 'embeddings', 'model'], () => {
      this.#replan();
    });
    this.#takeModel();
    this.#replan();
  }

  get #labelled(): EmbeddedClip[] {
    return this.session.embedded.filter(({ label }) => label !== '');
  }

  #takeModel(): void {
    const { model } = this.session;
    if (model === this.#model) return;
    this.#model = model;
    this.#running?.abort(new DOMException('another model', 'AbortError'));
    this.#end();
    const own = model?.choice.ownRecipe;
    const recipes = [
      ['head', 'The head alone: fastest'],
      ['last-blocks', 'The head and the last blocks'],
      ...(own === undefined ? [] : [[own, "As the model's authors do"]]),
      ['full', 'All weights: slowest'],
    ];
    this.#recipe.replaceChildren(...recipes.map(([value, text]) => make('option', { value }, text)));
  }

  /** What is missing; undefined if nothing is. */
  #missing(): string | undefined {
    const { model } = this.session;
    if (model?.choice.ownRecipe === undefined || model.source === undefined) {
      return 'Load a model that can be fine-tuned here: EfficientAT or HuBERT-ECG.';
    }
    const clips = this.#labelled;
    const counts = new Map<string, number>();
    for (const { label } of clips) counts.set(label, (counts.get(label) ?? 0) + 1);
    if (clips.length >= fewestClips && counts.size >= 2 && Math.min(...counts.values()) >= 2) return undefined;
    return `Label at least ${fewestClips} clips with at least two labels, two of each. So far: ${plural(clips.length, 'clip')}, ${plural(counts.size, 'label')}.`;
  }

  #ask(): TrainingAsk {
    const { choice, source } = this.session.model!;
    const [epochs, batchSize] = ['finetune-epochs', 'finetune-batch'].map((id) => byId<HTMLInputElement>(id).value);
    return {
      plugin: choice.plugin,
      source: source!,
      ...(choice.model === undefined ? {} : { model: choice.model }),
      recipe: this.#recipe.value,
      settings: {
        ...(epochs === '' ? {} : { epochs: Number(epochs) }),
        ...(batchSize === '' ? {} : { batchSize: Number(batchSize) }),
      },
      clips: this.#labelled.map(({ name, source: { kind, files }, label, read }) => ({
        ...{ kind, files: [...files], label },
        ...{ name: read.name || name, seconds: read.seconds },
      })),
    };
  }

  /** Says what a training would take, once nothing has changed for a while. */
  #replan(): void {
    if (this.#running !== undefined) return;
    clearTimeout(this.#timer);
    this.#planning += 1;
    this.#plan = undefined;
    this.#start.disabled = true;
    const missing = this.#missing();
    byId('finetune-help').textContent = missing ?? 'Working out what it takes.';
    byId('finetune-plan').hidden = true;
    if (missing !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#makePlan(this.#planning).catch((error: unknown) => {
        byId('finetune-help').textContent = 'The loaded model cannot be fine-tuned like this.';
        showError(error);
      });
    }, planDelay);
  }

  async #makePlan(planning: number): Promise<void> {
    this.#place ??= this.startTraining();
    const plan = await this.#place.jobs.do('planTraining', this.#ask());
    if (planning !== this.#planning || this.#running !== undefined) return;
    this.#plan = plan;
    byId<HTMLInputElement>('finetune-epochs').placeholder = String(plan.epochs);
    byId<HTMLInputElement>('finetune-batch').placeholder = String(plan.batch);
    const fits = plan.bytes <= plan.availableBytes;
    byId('finetune-help').textContent = fits
      ? 'Changes the weights of the model itself. The best ones, by the clips held out, are kept.'
      : `Too large: WebAssembly has about ${bytesText(plan.availableBytes)}. Take fewer clips at once, or train fewer weights.`;
    showFacts(byId('finetune-plan'), [
      ['Memory', `about ${bytesText(plan.bytes)}`],
      ['Trains', `${plan.elements.toLocaleString('en')} weights`],
      ['Steps', `${plan.updates}, of ${plural(plan.batch, 'clip')} each`],
      ['Clips', `${plan.trained} to train on, ${plan.heldOut} held out`],
    ]);
    byId('finetune-plan').hidden = false;
    this.#start.disabled = !fits;
  }

  async #train(): Promise<void> {
    const plan = this.#plan;
    const { model } = this.session;
    if (plan === undefined || model === undefined) return;
    this.#place ??= this.startTraining();
    this.#running = new AbortController();
    this.#showBusy(true);
    byId('finetune-result').hidden = true;
    const curves = new TrainingCurves(byId('finetune-curves'), plan.epochs);
    try {
      const found = await this.#place.jobs.do('fineTune', this.#ask(), {
        abortSignal: this.#running.signal,
        onNews: (news) => {
          this.#showNews(news, plan);
          curves.add(news);
        },
      });
      this.#showResult(found, model.choice.key);
      showStatus(
        `Fine-tuned: ${percentText(found.score)} of ${plural(plan.heldOut, 'clip')} held out labelled correctly.`,
      );
    } catch (error) {
      if (this.#running.signal.aborted) showStatus('Fine-tuning was cancelled.');
      throw error;
    } finally {
      this.#running = undefined;
      this.#showBusy(false);
      // WebAssembly gives memory back only so.
      this.#end();
      this.#replan();
    }
  }

  #end(): void {
    this.#place?.end();
    this.#place = undefined;
  }

  #showNews(news: TrainingNews, { epochs }: TrainingPlan): void {
    const [bar, text] = [byId<HTMLProgressElement>('finetune-progress-bar'), byId('finetune-progress-text')];
    if (news.kind === 'reading') text.textContent = `Reading clip ${news.done + 1} of ${news.total}`;
    if (news.kind !== 'update') return;
    bar.value = news.update / news.updates;
    text.textContent = `Epoch ${news.epoch} of ${epochs}, step ${news.update} of ${news.updates}`;
  }

  #showBusy(busy: boolean): void {
    this.#start.disabled = busy;
    byId('finetune-cancel').hidden = byId('finetune-progress').hidden = !busy;
    for (const id of ['finetune-recipe', 'finetune-epochs', 'finetune-batch']) {
      byId<HTMLInputElement | HTMLSelectElement>(id).disabled = busy;
    }
    byId('finetune-progress-text').textContent = busy ? 'Opening the model' : '';
    byId('finetune-progress-bar').removeAttribute('value');
  }

  #showResult({ files, labels, score, epoch, seconds }: FineTunedModel, key: string): void {
    byId('finetune-score').textContent =
      `${percentText(score)} of the clips held out labelled correctly, after epoch ${epoch}. Took ${seconds.toFixed(1)} s. Labels: ${labels.join(', ')}.`;
    const load = makeButton(
      'Use this model',
      () => {
        this.use(key, files).catch(showError);
      },
      { id: 'finetune-use' },
    );
    const downloads = files.map((file) =>
      makeButton(
        `Download ${file.name} (${bytesText(file.size)})`,
        () => {
          saveFile(file, file.name);
        },
        { 'data-file': file.name },
      ),
    );
    byId('finetune-files').replaceChildren(load, ...downloads);
    byId('finetune-result').hidden = false;
  }
}
