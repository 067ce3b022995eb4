import type { ExampleForm, RandomNumbers, TrainableModel, TrainableNetwork } from '@hearken/core';
import type { SessionFactory, SessionOptions, Tensor } from '@hearken/onnx';
import { elementCount } from '../graph/tensor-elements.js';
import { targetKinds } from '../kinds/registry.js';
import { rateFactor, type Schedule } from '../optimisers/schedules.js';
import type { ParameterGroup } from '../optimisers/settings.js';
import type { ResolvedRecipe } from '../recipes/resolve-recipe.js';
import { type ParameterSelection, plainName } from '../recipes/select-parameters.js';
import { Trainer } from '../trainer/trainer.js';
import { initialValues } from './initial-values.js';
import { checkMemory } from './memory.js';
import { batchesOf, buildStep } from './plan.js';
import { Predictor } from './predictor.js';
import { optimiserOf, scheduleOf } from './schedule-of.js';
import { type PreparedBatch, StepBatches } from './step-inputs.js';
import type { Examples, TargetKind } from './task.js';

/** What is trained, and on what. */
export interface FineTuningOptions {
  /** Makes sessions: `createNodeSession` or `createWebSession`. */
  readonly createSession: SessionFactory;
  /** How sessions compute. */
  readonly session?: SessionOptions;
  /** The opened model. */
  readonly model: TrainableModel;
  /** How it is trained. */
  readonly recipe: ResolvedRecipe;
  /** The form of the rows' examples. */
  readonly form: ExampleForm;
  /** What it learns. */
  readonly kind: TargetKind;
  /** Training examples. */
  readonly data: Examples;
  /** Makes seeded random numbers; `Random` of `@hearken/metrics` is one. */
  readonly random: (seed: number) => RandomNumbers;
  /** Determines all random numbers. */
  readonly seed: number;
  /** Bytes that may be taken; default: any number. */
  readonly memoryBytes?: number;
}

/** One update, and what it was computed from. */
export interface UpdateReport {
  /** Mean loss of its batches. */
  readonly loss: number;
  /** Norm of the gradients before clipping. */
  readonly gradientNorm: number;
}

/**
 * A model in training. Every random number follows from the seed and the number of the update, so that a training that
 * is continued gives the same numbers as one without a break.
 */
export class FineTuning {
  /** Updates of an epoch. */
  readonly updatesPerEpoch: number;
  readonly #batches: StepBatches;
  readonly #accumulate: number;
  readonly #schedule: Schedule;
  #order: { readonly epoch: number; readonly rows: readonly number[] } | undefined;

  private constructor(
    /** What is trained, and on what. */
    readonly options: FineTuningOptions,
    /** Updates the weights. */
    readonly trainer: Trainer,
    /** Answers with them. */
    readonly predictor: Predictor,
    /** Which of the checkpoint's weights are trained. */
    readonly selection: ParameterSelection,
    network: TrainableNetwork,
    /** Examples of a batch. */
    readonly batch: number,
  ) {
    const { data, form, recipe } = options;
    const { accumulate, updatesPerEpoch } = batchesOf(recipe, batch, data.count);
    this.#accumulate = accumulate;
    this.updatesPerEpoch = updatesPerEpoch;
    this.#schedule = scheduleOf(recipe.settings, updatesPerEpoch);
    this.#batches = new StepBatches(data, form, network, recipe, batch);
  }

  /**
   * Builds the graphs and reads the initial weights.
   *
   * @throws OptionError for a recipe that the model or the task can't have, an operator without gradient, or too little
   *   memory; what the sessions throw
   */
  static async create(options: FineTuningOptions): Promise<FineTuning> {
    const { createSession, model, recipe: resolved, data, seed, random } = options;
    const { settings } = resolved;
    const session = { ...options.session, ...(model.weights === undefined ? {} : { external: model.weights }) };
    const { outputs } = data;
    const weights = lossWeights(options);
    const { network, selection, batch, training, adapted } = buildStep({ ...options, ...(weights && { weights }) });
    checkMemory(training, resolved, options.memoryBytes);
    const head = new Set(network.head.map(({ name }) => name));
    const names = [...training.parameters, ...training.statistics].map(({ name }) => name);
    const predictor = await Predictor.create({ ...options, outputs, recipe: resolved }, names);
    const shapes = new Map(training.parameters.map(({ name, shape }) => [name, shape]));
    const { clipNorm, keep, averageDecay } = settings as Record<string, number>;
    try {
      const trainer = await Trainer.create(training, {
        createSession,
        session,
        initial: initialValues(
          model,
          withDeviation(network.head, settings.headDeviation as number),
          adapted.adapters,
          random(seed),
        ),
        optimiser: optimiserOf(settings),
        groupOf: (name) => groupOf(name, shapes.get(name)!.length, head.has(name), resolved, selection),
        ...(clipNorm > 0 ? { clipNorm } : {}),
        ...(averageDecay > 0 ? { average: { decay: averageDecay } } : {}),
        keep,
      });
      return new FineTuning(options, trainer, predictor, selection, network, batch);
    } catch (cause) {
      await predictor.dispose();
      throw cause;
    }
  }

  /** All updates of the training. */
  get totalUpdates(): number {
    return this.updatesPerEpoch * (this.options.recipe.settings.epochs as number);
  }

  /** Number of elements that are trained. */
  get trainedElements(): number {
    return elementCount(this.trainer.parameters.specs);
  }

  /**
   * Does the next update.
   *
   * @throws NotFiniteError if the loss or a gradient is not finite
   */
  async update(): Promise<UpdateReport> {
    const { trainer, batch } = this;
    const { updates } = trainer;
    const { freezingSteps } = this.options.recipe.settings as Record<string, number>;
    const accumulate = this.#accumulate;
    if (updates === freezingSteps && updates > 0) trainer.optimiser.reset();
    const isFrozen = updates < freezingSteps;
    // A parameter has a gradient if it has one in any of the batches.
    let without: Set<string> | undefined;
    const inputs = Array.from({ length: accumulate }, (_, index) => {
      // Each batch has random numbers of its own, so that those of one never depend on how many another drew.
      const number = updates * accumulate + index;
      const random = this.#random(2, number);
      const place = (number % (this.updatesPerEpoch * accumulate)) * batch;
      const prepared = this.#batches.prepare(this.#rows(), place, random);
      const out = this.#withoutGradient(isFrozen, prepared);
      without = without === undefined ? out : new Set([...out].filter((name) => without!.has(name)));
      // The arrays are used again.
      return accumulate === 1 ? prepared.inputs : copied(prepared.inputs);
    });
    const withoutGradient = without?.size === 0 ? undefined : without;
    const { loss, gradientNorm } = await trainer.computeGradients(inputs, withoutGradient);
    await trainer.update({
      rateFactor: rateFactor(this.#schedule, updates),
      ...(withoutGradient && { withoutGradient }),
    });
    return { loss, gradientNorm };
  }

  /** The logits of rows with the current weights, or their average. */
  logits(data: Examples): Promise<Float32Array> {
    return this.predictor.logits(this.weights(), data);
  }

  /** Trained weights by name, and running statistics: views that the next update overwrites. */
  weights(): Record<string, Tensor> {
    const { trainer } = this;
    return { ...(trainer.average?.average ?? trainer.parameters).record(), ...trainer.statistics.record() };
  }

  /** Frees its sessions. */
  async dispose(): Promise<void> {
    await this.trainer.dispose();
    await this.predictor.dispose();
  }

  /** The order of rows in the current epoch. */
  #rows(): readonly number[] {
    const epoch = Math.floor(this.trainer.updates / this.updatesPerEpoch);
    if (this.#order?.epoch !== epoch) {
      const rows = Array.from({ length: this.options.data.count }, (_, row) => row);
      this.#order = { epoch, rows: this.#random(1, epoch).shuffle(rows) };
    }
    return this.#order.rows;
  }

  /** Parameters that have no gradient in a batch: what is frozen, and layers that are skipped. */
  #withoutGradient(isFrozen: boolean, { withoutGradient }: PreparedBatch): Set<string> {
    // Most steps train everything.
    if (!isFrozen && withoutGradient === undefined) return new Set();
    const { recipe, settings } = this.options.recipe;
    const isFrozenOne = (name: string) =>
      isFrozen && this.selection.trained.includes(name) && recipe.trainsFirst?.(plainName(name), settings) !== true;
    const names = this.trainer.parameters.specs.map(({ name }) => name);
    return new Set(names.filter((name) => isFrozenOne(name) || withoutGradient?.(plainName(name)) === true));
  }

  /** Random numbers for one purpose: seeds stay below 2^53. */
  #random(purpose: number, number: number): RandomNumbers {
    const { seed, random } = this.options;
    return random(((seed % 2 ** 20) * 2 ** 31 + number) * 4 + purpose);
  }
}

function groupOf(
  name: string,
  axes: number,
  isHead: boolean,
  { recipe, settings }: ResolvedRecipe,
  { blockOf, blocks }: ParameterSelection,
): ParameterGroup {
  const { learningRate, headRate, weightDecay } = settings as Record<string, number>;
  const decays = axes > 1 || settings.decayVectors === true;
  const own = isHead ? headRate || learningRate : learningRate;
  return {
    learningRate: recipe.rateOf?.(plainName(name), settings, blockOf(name), blocks) ?? own,
    weightDecay: decays ? weightDecay : 0,
  };
}

function withDeviation(head: TrainableNetwork['head'], deviation: number): TrainableNetwork['head'] {
  if (deviation === 0) return head;
  return head.map((tensor) => ('value' in tensor.initial ? tensor : { ...tensor, initial: { deviation } }));
}

/** Weights of the loss, from the training targets; undefined if the recipe has none for what is learnt. */
function lossWeights({ data, kind, recipe: { recipe } }: FineTuningOptions): Float32Array | undefined {
  const of = targetKinds[kind];
  // Reading all targets takes a while.
  if (of.weights?.(recipe, new Array<number>(data.outputs).fill(1), data.outputs) === undefined) return undefined;
  const sums = new Array<number>(data.outputs).fill(0);
  const [row, targets] = [new Float32Array(data.size), new Float32Array(data.outputs)];
  const rows = Array.from({ length: data.count }, (_, index) => index);
  for (const index of rows) {
    data.gather(rows, index, index + 1, row, targets);
    targets.forEach((value, label) => (sums[label] += value));
  }
  return Float32Array.from(of.weights(recipe, sums, data.count)!);
}

function copied(inputs: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { data, shape }]) => [name, { data: data.slice(), shape }]),
  );
}
