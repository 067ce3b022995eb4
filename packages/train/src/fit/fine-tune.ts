import { FineTuning, type FineTuningOptions } from './fine-tuning.js';
import { checkpointOf, type FitCheckpoint, type FitProgress, readCheckpoint } from './fit-checkpoint.js';
import type { Examples } from './task.js';

/** Where a training's own checkpoints are kept, from which it is continued. */
export interface FitStore {
  /** The last one; undefined if there is none, or only a damaged one. */
  read(): Promise<FitCheckpoint | undefined>;
  /** Keeps a new one in place of the last. */
  write(checkpoint: FitCheckpoint): Promise<void>;
}

/** How a training is validated, kept and reported. */
export interface FineTuneOptions extends FineTuningOptions {
  /** Rows for choosing the best weights, and for stopping early. */
  readonly validation: Examples;
  /** The score of the logits of the validation rows, `[count, outputs]`. */
  readonly score: (logits: Float32Array) => number;
  /** Whether a higher score is better. */
  readonly maximize: boolean;
  /** Keeps checkpoints; default: none, and a training that was stopped begins again. */
  readonly store?: FitStore;
  /** Seconds between checkpoints; default: 60. */
  readonly checkpointSeconds?: number;
  /** Called after each update. */
  readonly onUpdate?: (progress: UpdateProgress) => void;
  /** Stops the training after the current update, which is then kept. */
  readonly abortSignal?: AbortSignal;
}

/** Progress of a training. */
export interface UpdateProgress {
  /** Updates so far. */
  readonly update: number;
  /** Updates of the whole training. */
  readonly totalUpdates: number;
  /** The current epoch, from 1. */
  readonly epoch: number;
  /** Epochs of the whole training. */
  readonly epochs: number;
  /** Mean loss of the update's batches. */
  readonly loss: number;
  /** Norm of the gradients before clipping. */
  readonly gradientNorm: number;
  /** Best validation score so far; null before the first. */
  readonly bestScore: number | null;
}

/** One epoch of a training. */
export interface EpochRecord {
  /** From 1. */
  readonly epoch: number;
  /** Mean loss of its updates. */
  readonly loss: number;
  /** Validation score; null if it was not validated. */
  readonly score: number | null;
}

/** A trained model. */
export interface FineTuned {
  /** The best weights by their names in the graph, running statistics among them. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  /** The best validation score. */
  readonly score: number;
  /** The epoch after which it was reached, from 1. */
  readonly epoch: number;
  /** Updates that were done, also those after the best ones. */
  readonly updates: number;
  /** Number of elements that were trained. */
  readonly trainedElements: number;
  /** All epochs. */
  readonly history: readonly EpochRecord[];
}

/**
 * Fine-tunes a model: trains it for the recipe's epochs, validates, and keeps the best weights. Test data is not seen. A
 * training that was stopped, by whatever means, continues from its last checkpoint and gives the same weights as one
 * without a break.
 *
 * @throws NotFiniteError for a loss or a gradient that is not finite; OptionError as {@link FineTuning.create}; the abort
 *   signal's reason
 */
export async function fineTune(options: FineTuneOptions): Promise<FineTuned> {
  const training = await FineTuning.create(options);
  try {
    return await new Fit(training, options).run();
  } finally {
    await training.dispose();
  }
}

class Fit {
  #progress: FitProgress = { best: null, withoutBetter: 0, history: [], losses: [] };
  #bestWeights = new Map<string, Float32Array>();
  #written = Date.now();

  constructor(
    readonly training: FineTuning,
    readonly options: FineTuneOptions,
  ) {}

  async run(): Promise<FineTuned> {
    const { training, options } = this;
    const { trainer } = training;
    await this.#continue();
    while (trainer.updates < training.totalUpdates && !this.#isOver()) {
      if (options.abortSignal?.aborted === true) {
        await this.#keep();
        options.abortSignal.throwIfAborted();
      }
      const { loss, gradientNorm } = await training.update();
      this.#progress.losses.push(loss);
      const { updates } = trainer;
      const { updatesPerEpoch } = training;
      if (updates % updatesPerEpoch === 0) await this.#endEpoch(updates / updatesPerEpoch);
      options.onUpdate?.({
        ...{ update: updates, totalUpdates: training.totalUpdates },
        ...{ epoch: Math.ceil(updates / updatesPerEpoch), epochs: this.#setting('epochs') },
        ...{ loss, gradientNorm, bestScore: this.#progress.best?.score ?? null },
      });
      if (Date.now() - this.#written >= 1000 * (options.checkpointSeconds ?? 60)) await this.#keep();
    }
    const { best, history } = this.#progress;
    if (best === null) throw new Error('a training without a validation');
    const { trainedElements } = training;
    return { weights: this.#bestWeights, ...best, updates: trainer.updates, trainedElements, history };
  }

  async #endEpoch(epoch: number): Promise<void> {
    const { options, training } = this;
    const progress = this.#progress;
    const loss = progress.losses.reduce((sum, one) => sum + one, 0) / progress.losses.length;
    progress.losses = [];
    const isLast = epoch === this.#setting('epochs');
    if (epoch % this.#setting('validateEvery') !== 0 && !isLast) {
      progress.history.push({ epoch, loss, score: null });
      return;
    }
    const score = options.score(await training.logits(options.validation));
    progress.history.push({ epoch, loss, score });
    const { best } = progress;
    const isBetter =
      best === null || (Number.isNaN(best.score) && !Number.isNaN(score))
        ? true
        : options.maximize
          ? score > best.score
          : score < best.score;
    progress.withoutBetter = isBetter ? 0 : progress.withoutBetter + 1;
    if (!isBetter) return;
    progress.best = { score, epoch };
    for (const [name, { data }] of Object.entries(training.weights())) {
      const copy = this.#bestWeights.get(name) ?? new Float32Array(data.length);
      copy.set(data as Float32Array);
      this.#bestWeights.set(name, copy);
    }
  }

  /** Whether validation has not improved for as long as the recipe waits. */
  #isOver(): boolean {
    const patience = this.#setting('patience');
    return patience > 0 && this.#progress.withoutBetter >= patience;
  }

  async #continue(): Promise<void> {
    const found = await this.options.store?.read();
    const read = found && readCheckpoint(found);
    if (read === undefined) return;
    this.training.trainer.restore(read.snapshot);
    this.#progress = read.progress;
    this.#bestWeights = read.bestWeights;
  }

  async #keep(): Promise<void> {
    await this.options.store?.write(checkpointOf(this.training.trainer.snapshot(), this.#progress, this.#bestWeights));
    this.#written = Date.now();
  }

  #setting(name: 'epochs' | 'validateEvery' | 'patience'): number {
    return this.options.recipe.settings[name] as number;
  }
}
