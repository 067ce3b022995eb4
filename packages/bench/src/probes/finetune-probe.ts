import { OptionError } from '@hearken/core';
import { Random } from '@hearken/metrics';
import { fineTune, Predictor } from '@hearken/train';
import type { TaskMetadata } from '@hearken/tasks';
import { probeOutput } from './outputs/registry.js';
import type {
  FinetuneContext,
  Predictions,
  Probe,
  ProbeDefinition,
  ProbeState,
  TrainedProbe,
  TrainingOptions,
  Validation,
} from './probe.js';
import type { Rows } from './rows.js';
import { inTargetUnits, targetScaling, type TargetScaling, withScaledTargets } from './target-scaling.js';

const definition: ProbeDefinition = {
  name: 'finetune',
  summary: 'the model itself, trained by a recipe: rows are prepared examples instead of embeddings',
  create: ({ finetune, predictionType }) => {
    if (finetune !== undefined) return new FinetuneProbe(finetune, predictionType);
    throw new OptionError({
      asked: "probe 'finetune'",
      found: 'embeddings instead of a model',
      fix: 'fine-tune with hearken finetune, or choose another probe',
    });
  },
};

export default definition;

/** Fine-tunes a model as if it were a probe, so that splits, seeds, metrics and results are the same for both. */
class FinetuneProbe implements Probe {
  constructor(
    readonly context: FinetuneContext,
    readonly predictionType: TaskMetadata['predictionType'],
  ) {}

  /** A recipe has one set of numbers. */
  configurations() {
    const { name, settings } = this.context.recipe;
    return [{ recipe: name, ...settings }];
  }

  /** All cores work on one training. */
  effort() {
    return { bytes: 0, operations: 0 };
  }

  async train<Decision>(
    train: Rows,
    validationRows: Rows,
    validation: Validation<Decision>,
    _: unknown,
    { seed, key, store, abortSignal, onEpoch }: TrainingOptions,
  ): Promise<TrainedProbe<Decision>> {
    const { context } = this;
    const { isClassification } = probeOutput(this);
    const scaling = isClassification ? undefined : targetScaling(train);
    const values = scaling === undefined ? {} : { scaling };
    const started = performance.now();
    let epoch = 0;
    const found = await fineTune({
      ...context,
      kind: this.predictionType,
      data: scaling === undefined ? train : withScaledTargets(train, scaling),
      validation: validationRows,
      random: (of) => new Random(of),
      seed,
      score: (logits) => validation.score(this.#predictions(logits, validationRows.outputs, scaling)).score,
      maximize: validation.maximize,
      ...(store === undefined ? {} : { store }),
      ...(abortSignal === undefined ? {} : { abortSignal }),
      onUpdate: (progress) => {
        context.onUpdate?.(progress, key);
        if (progress.epoch === epoch) return;
        epoch = progress.epoch;
        onEpoch?.(epoch, progress.epochs, progress.bestScore);
      },
    });
    const state: ProbeState = { values, arrays: Object.fromEntries(found.weights) };
    const { decision } = validation.score(await this.predict(state, validationRows));
    const saved = key === undefined ? undefined : await context.save?.(found.weights, key);
    return {
      ...state,
      validationScore: found.score,
      decision,
      epoch: found.epoch,
      epochsTrained: found.history.length,
      details: {
        recipe: context.recipe.name,
        trainableParameters: found.trainedElements,
        steps: found.updates,
        seconds: Math.round((performance.now() - started) / 100) / 10,
        history: found.history.map(({ score, ...of }) => ({ ...of, score: Number.isFinite(score) ? score : null })),
        ...saved,
      },
    };
  }

  async predict(trained: ProbeState, rows: Rows): Promise<Predictions> {
    const { outputs } = rows;
    const predictor = await Predictor.create({ ...this.context, outputs }, Object.keys(trained.arrays));
    try {
      const logits = await predictor.logits(predictor.tensors(Object.entries(trained.arrays)), rows);
      return this.#predictions(logits, outputs, trained.values.scaling as TargetScaling | undefined);
    } finally {
      await predictor.dispose();
    }
  }

  dispose(): Promise<void> {
    return this.context.model.dispose();
  }

  #predictions(logits: Float32Array, outputs: number, scaling: TargetScaling | undefined): Predictions {
    const predictions = probeOutput(this).predictions(logits, outputs);
    if (scaling === undefined) return predictions;
    const values = inTargetUnits(logits, scaling);
    return { probabilities: values, logits: values };
  }
}
