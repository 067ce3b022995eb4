import type { Session, SessionFactory, SessionOptions, Tensor } from '@hearken/onnx';
import type { TrainingGraph } from '../differentiate-options.js';
import { GradientNorm } from '../optimisers/gradient-norm.js';
import { GradientSum } from '../optimisers/gradient-sum.js';
import { Optimiser } from '../optimisers/optimiser.js';
import type { OptimiserSettings, ParameterGroup } from '../optimisers/settings.js';
import { TensorArena } from '../optimisers/tensor-arena.js';
import { type AverageSettings, WeightAverage } from '../optimisers/weight-average.js';
import { findNotFinite, NotFiniteError } from './not-finite-error.js';
import { restoreTrainer, snapshotOf, type TrainerSnapshot } from './snapshot.js';

/** How a model is trained. */
export interface TrainerOptions {
  /** Makes its sessions: `createNodeSession` or `createWebSession`. */
  readonly createSession: SessionFactory;
  /** How the sessions compute, and where the model's frozen weights are. */
  readonly session?: SessionOptions;
  /** Reads the initial values of a parameter or of running statistics, by the name of the input. */
  readonly initial: (name: string) => Promise<Float32Array>;
  /** What updates the parameters. */
  readonly optimiser: OptimiserSettings;
  /** Rate and decay of a parameter, by its name. */
  readonly groupOf: (parameter: string) => ParameterGroup;
  /** The most that the norm of all gradients together may be; larger ones are scaled down. Default: no limit. */
  readonly clipNorm?: number;
  /** Share of former values, and of former running statistics, that each update keeps: Patch-Mix's average. Default: 0. */
  readonly keep?: number;
  /** Keeps an exponential moving average of the parameters beside them. */
  readonly average?: AverageSettings;
}

/** Inputs of the graph besides parameters and statistics, by name. */
export type StepInputs = Readonly<Record<string, Tensor>>;

/** What the batches of a step gave. */
export interface StepGradients {
  /** Mean loss of the batches, before the update. */
  readonly loss: number;
  /** Outputs of each batch by name, such as `logits`. */
  readonly outputs: readonly Readonly<Record<string, Tensor>>[];
  /** Norm of the mean gradient of all parameters together, before clipping. */
  readonly gradientNorm: number;
}

/** How one update is done. */
export interface StepOptions {
  /** The schedule's factor on the learning rates. */
  readonly rateFactor: number;
  /** Parameters that had no gradient, because their layer was skipped: they stay as they are. */
  readonly withoutGradient?: ReadonlySet<string>;
}

/**
 * Trains the parameters of a graph. They, their gradients and the optimiser's state stay in the same memory from the
 * first step to the last: on Node.js the runtime reads and writes it, in browsers it copies to and from its own.
 *
 * An object of this class does one thing at a time: wait for each promise before the next call.
 */
export class Trainer {
  /** The current values, which each update overwrites. */
  readonly parameters: TensorArena;
  /** Mean gradients of the last step. */
  readonly gradients: TensorArena;
  /** Averages of the parameters, if asked for. */
  readonly average: WeightAverage | undefined;
  /** The optimiser with its state. */
  readonly optimiser: Optimiser;
  readonly #norm: GradientNorm;
  readonly #sum: GradientSum;
  #statistics: TensorArena;
  #nextStatistics: TensorArena;
  #batchGradients: TensorArena | undefined;
  #batches = 0;
  #clipScale = 1;
  #updates = 0;

  private constructor(
    /** The graph of a step. */
    readonly training: TrainingGraph,
    /** How the model is trained. */
    readonly options: TrainerOptions,
    /** What runs the graph. */
    readonly session: Session,
    arenas: { readonly parameters: TensorArena; readonly statistics: TensorArena },
  ) {
    const { createSession, optimiser: settings, keep = 0 } = options;
    const elementwise = elementwiseOptions(options.session);
    const specs = arenas.parameters.specs;
    this.parameters = arenas.parameters;
    this.gradients = new TensorArena(specs);
    this.#statistics = arenas.statistics;
    this.#nextStatistics = new TensorArena(arenas.statistics.specs);
    const { groupOf } = options;
    this.optimiser = new Optimiser(createSession, settings, this.parameters, this.gradients, {
      groupOf,
      keep,
      session: elementwise,
    });
    this.#norm = new GradientNorm(createSession, elementwise);
    this.#sum = new GradientSum(createSession, elementwise);
    this.average =
      options.average === undefined
        ? undefined
        : new WeightAverage(createSession, options.average, this.parameters, elementwise);
  }

  /**
   * Loads the graph and the initial values.
   *
   * @throws OptionError for settings out of range; what the session factory and `initial` throw
   */
  static async create(training: TrainingGraph, options: TrainerOptions): Promise<Trainer> {
    const parameters = new TensorArena(training.parameters);
    const statistics = new TensorArena(training.statistics);
    for (const arena of [parameters, statistics]) {
      for (const [name, { data }] of arena.tensors) data.set(await options.initial(name));
    }
    // A plan of a step's memory would be a second block of its size.
    const session = await options.createSession(training.model, { memoryPlan: false, ...options.session });
    try {
      return new Trainer(training, options, session, { parameters, statistics });
    } catch (cause) {
      await session.dispose();
      throw cause;
    }
  }

  /** Number of updates so far. */
  get updates(): number {
    return this.#updates;
  }

  /** Running statistics of batch norms after the last batch. */
  get statistics(): TensorArena {
    return this.#statistics;
  }

  /**
   * Computes the mean gradients of some batches, and updates the parameters.
   *
   * @param batches several are accumulated to one update
   * @throws NotFiniteError if the loss or a gradient is not a finite number; parameters are then as before the step
   */
  async step(batches: readonly StepInputs[], options: StepOptions): Promise<StepGradients> {
    const found = await this.computeGradients(batches, options.withoutGradient);
    await this.update(options);
    return found;
  }

  /**
   * The first half of {@link step}.
   *
   * @param withoutGradient parameters whose gradients count as zero
   */
  async computeGradients(
    batches: readonly StepInputs[],
    withoutGradient?: ReadonlySet<string>,
  ): Promise<StepGradients> {
    let loss = 0;
    const outputs: Readonly<Record<string, Tensor>>[] = [];
    for (const [index, batch] of batches.entries()) {
      const target = index === 0 ? this.gradients : (this.#batchGradients ??= new TensorArena(this.parameters.specs));
      const found = await this.#run(batch, target);
      if (index > 0) await this.#sum.add(this.gradients, target);
      loss += (found[this.training.loss].data as Float32Array)[0] / batches.length;
      outputs.push(found);
    }
    for (const name of withoutGradient ?? []) this.gradients.tensors.get(name)?.data.fill(0);
    this.#batches = batches.length;
    const gradientNorm = (await this.#norm.of(this.gradients)) / batches.length;
    const { clipNorm } = this.options;
    // PyTorch's `clip_grad_norm_` adds this to the norm.
    this.#clipScale = clipNorm === undefined ? 1 : Math.min(1, clipNorm / (gradientNorm + 1e-6));
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) {
      throw new NotFiniteError(this.#updates, loss, findNotFinite(this.gradients) ?? findNotFinite(this.parameters));
    }
    return { loss, outputs, gradientNorm };
  }

  /** The second half of {@link step}: updates parameters with the gradients that are there. */
  async update({ rateFactor, withoutGradient }: StepOptions): Promise<void> {
    const gradientScale = this.#clipScale / this.#batches;
    await this.optimiser.update({ rateFactor, gradientScale, ...(withoutGradient && { withoutGradient }) });
    this.#updates += 1;
    await this.average?.follow(this.#updates);
  }

  /** Everything that later steps depend on, copied. */
  snapshot(): TrainerSnapshot {
    return snapshotOf(this, this.#updates);
  }

  /**
   * Continues from a snapshot of a trainer of the same graph and settings.
   *
   * @throws OptionError for a snapshot of another graph or optimiser
   */
  restore(snapshot: TrainerSnapshot): void {
    restoreTrainer(this, snapshot);
    this.#updates = snapshot.updates;
  }

  /** Frees its sessions; calling it again does nothing. */
  async dispose(): Promise<void> {
    await this.session.dispose();
    for (const part of [this.optimiser, this.#norm, this.#sum, this.average]) await part?.dispose();
  }

  async #run(batch: StepInputs, gradients: TensorArena): Promise<Record<string, Tensor>> {
    const { outputs, parameters, statistics } = this.training;
    const next = this.#nextStatistics;
    const into: Record<string, Tensor | null> = Object.fromEntries(outputs.map((name) => [name, null]));
    for (const { name, gradient } of parameters) into[gradient] = gradients.tensors.get(name)!;
    for (const { name, updated } of statistics) into[updated] = next.tensors.get(name)!;
    const results = await this.session.run(
      { ...this.parameters.record(), ...this.#statistics.record(), ...batch },
      into,
    );
    if (statistics.length > 0) {
      keepShare(next.data, this.#statistics.data, this.options.keep ?? 0);
      [this.#statistics, this.#nextStatistics] = [next, this.#statistics];
    }
    return Object.fromEntries(outputs.map((name) => [name, results[name]]));
  }
}

/** In small graphs over pieces of arrays, waiting threads only take time from others. */
function elementwiseOptions(options: SessionOptions = {}): SessionOptions {
  const { external: _, executionProvider, ...others } = options;
  // A GPU would wait for every piece to be copied there and back.
  const provider = executionProvider === undefined || executionProvider === 'cuda' ? {} : { executionProvider };
  return { ...others, ...provider, spin: false };
}

/** Mixes former values into new ones. */
function keepShare(next: Float32Array, former: Float32Array, keep: number): void {
  if (keep === 0) return;
  for (let index = 0; index < next.length; index += 1) next[index] = keep * former[index] + (1 - keep) * next[index];
}
