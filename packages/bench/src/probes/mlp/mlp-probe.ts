import { probeOutput } from '../outputs/registry.js';
import type { Session, Tensor } from '@hearken/onnx';
import type { GridName } from '@hearken/results';
import { Random } from '@hearken/metrics';
import {
  isBetter,
  type Predictions,
  type Probe,
  type ProbeState,
  type ProbeTask,
  type RowsShape,
  type SessionFactory,
  type TrainedProbe,
  type TrainingEffort,
  type TrainingOptions,
  type Validation,
} from '../probe.js';
import type { Rows } from '../rows.js';
import { standardization, standardized } from '../standardization.js';
import { inTargetUnits, targetScaling, withScaledTargets, type TargetScaling } from '../target-scaling.js';
import { drawConfigurations } from './grid.js';
import { type MlpConfiguration, initialParameters, type MlpShape, parameterSpecs, sizeOf } from './parameters.js';
import { predictionGraph } from './prediction-graph.js';
import { trainingGraph } from './training-graph.js';
import { TrainingState } from './training-state.js';
import { TrainingSteps } from './training-steps.js';

/** Number of rows per call: limits the memory for activations. */
const predictedRows = 1024;
/** Approximate number of activation arrays per layer that a training step holds at once. */
const keptActivations = 8;

/** Standardisation of a regression task's inputs, among the arrays of its state. */
const [inputMean, inputFactor] = ['inputs.mean', 'inputs.factor'];

/**
 * HEAR's probe, a multi-layer perceptron on frozen embeddings (Turian et al. 2022, arXiv 2203.03022, section 5.3),
 * trained by graphs in the same runtime that runs the models. Regression, which is not part of HEAR, uses the same
 * network with a linear output and squared error; inputs and targets are standardised over the training rows. Sessions
 * are reused for every grid point.
 */
export class MlpProbe implements Probe<MlpConfiguration> {
  readonly #sessions = new Map<string, Promise<Session>>();

  constructor(
    readonly createSession: SessionFactory,
    readonly predictionType: MlpShape['predictionType'],
  ) {}

  configurations(grid: GridName, task: ProbeTask, count: number, random: Random): MlpConfiguration[] {
    return drawConfigurations(grid, task, count, random);
  }

  effort(train: RowsShape, configuration: MlpConfiguration): TrainingEffort {
    const parameters = parameterSpecs(this.#shape(train, configuration)).reduce((sum, spec) => sum + sizeOf(spec), 0);
    const { hiddenLayers, hiddenDimension, maxEpochs } = configuration;
    const batch = Math.min(configuration.batchSize, train.count);
    const activations = batch * (train.size + hiddenLayers * hiddenDimension * keptActivations);
    return {
      // Parameters and two moments, each twice; gradients; the best parameters so far.
      bytes: 4 * (8 * parameters + activations),
      operations: 6 * parameters * train.count * maxEpochs,
    };
  }

  /**
   * Trains with early stopping: every `checkEveryEpochs` epochs the validation rows are scored, the best parameters are
   * kept (the earlier of two equal ones), and `patience` checks without a better score end it, as heareval does through
   * PyTorch Lightning's EarlyStopping and ModelCheckpoint. A check whose score is not finite ends it as well (EarlyStopping's
   * `check_finite`): the network diverged, or the metric is undefined on the validation rows. Unlike heareval, the rows are shuffled in every epoch: it
   * means to (`shuffle` for the split named "train") but never does, as its splits are lists of names.
   */
  async train<Decision>(
    train: Rows,
    validationRows: Rows,
    validation: Validation<Decision>,
    configuration: MlpConfiguration,
    options: TrainingOptions,
  ): Promise<TrainedProbe<Decision>> {
    const shape = this.#shape(train, configuration);
    const random = new Random(options.seed);
    const isRegression = !probeOutput(this).isClassification;
    const scaling = isRegression ? targetScaling(train) : undefined;
    const inputs = isRegression ? standardization(train) : undefined;
    const learned = inputs === undefined ? train : standardized(train, inputs);
    const validated = inputs === undefined ? validationRows : standardized(validationRows, inputs);
    const inputArrays = inputs === undefined ? {} : { [inputMean]: inputs.mean, [inputFactor]: inputs.factor };
    const state = new TrainingState(shape, initialParameters(shape, configuration.initialization, random));
    const steps = new TrainingSteps(
      await this.#session(shape, configuration.dropout),
      shape,
      scaling === undefined ? learned : withScaledTargets(learned, scaling),
      configuration,
      random,
    );
    const values = { shape, ...(scaling === undefined ? {} : { scaling }) };
    let best: TrainedProbe<Decision> | undefined;
    let scoreIsFinite = true;
    /** Scores the current state after `epoch`, and keeps it if it is the best so far. */
    const check = async (epoch: number): Promise<boolean> => {
      const predictions = await this.#answers(shape, state.parameters, validated, scaling);
      const { score, decision } = validation.score(predictions);
      scoreIsFinite = Number.isFinite(score);
      if (best !== undefined && !isBetter(score, best.validationScore, validation.maximize)) return false;
      const arrays = state.copyParameters(best?.arrays);
      best = { values, arrays, validationScore: score, decision, epoch, epochsTrained: epoch };
      return true;
    };
    let checksWithoutGain = 0;
    let epoch = 0;
    while (epoch < configuration.maxEpochs && checksWithoutGain < configuration.patience && scoreIsFinite) {
      options.abortSignal?.throwIfAborted();
      await steps.epoch(state, options.abortSignal);
      epoch += 1;
      if (epoch % configuration.checkEveryEpochs === 0)
        checksWithoutGain = (await check(epoch)) ? 0 : checksWithoutGain + 1;
      options.onEpoch?.(epoch, configuration.maxEpochs, best?.validationScore ?? null);
    }
    // If there are fewer epochs than the first check needs, the final state counts.
    if (best === undefined) await check(epoch);
    return {
      ...best!,
      arrays: { ...best!.arrays, ...inputArrays },
      epochsTrained: epoch,
      ...(scoreIsFinite ? {} : { details: { stoppedAt: epoch } }),
    };
  }

  /** The answers of a trained probe, `[rows.count, outputs]`. */
  async predict(trained: ProbeState, rows: Rows): Promise<Predictions> {
    const shape = trained.values.shape as MlpShape;
    const parameters = Object.fromEntries(
      parameterSpecs(shape).map((spec) => [spec.name, { data: trained.arrays[spec.name], shape: spec.shape }]),
    );
    const scaling = trained.values.scaling as TargetScaling | undefined;
    const { [inputMean]: mean, [inputFactor]: factor } = trained.arrays as Partial<typeof trained.arrays>;
    const seen = mean === undefined || factor === undefined ? rows : standardized(rows, { mean, factor });
    return this.#answers(shape, parameters, seen, scaling);
  }

  #shape(train: RowsShape, { hiddenLayers, hiddenDimension, hiddenNorm }: MlpConfiguration): MlpShape {
    const { size: inputs, outputs } = train;
    return { inputs, outputs, hiddenLayers, hiddenDimension, hiddenNorm, predictionType: this.predictionType };
  }

  async #answers(
    shape: MlpShape,
    parameters: Readonly<Record<string, Tensor>>,
    rows: Rows,
    scaling?: TargetScaling,
  ): Promise<Predictions> {
    const session = await this.#session(shape);
    const probabilities = new Float32Array(rows.count * shape.outputs);
    const logits = new Float32Array(rows.count * shape.outputs);
    for (const { start, count, embeddings } of rows.blocks(predictedRows)) {
      const result = await session.run({
        ...parameters,
        embeddings: { data: embeddings, shape: [count, shape.inputs] },
      });
      probabilities.set(result.probabilities.data as Float32Array, start * shape.outputs);
      logits.set(result.logits.data as Float32Array, start * shape.outputs);
    }
    if (scaling === undefined) return { probabilities, logits };
    const values = inTargetUnits(logits, scaling);
    return { probabilities: values, logits: values };
  }

  async dispose(): Promise<void> {
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    for (const session of sessions) await (await session).dispose();
  }

  /** The session that trains networks of this shape, or, without `dropout`, the one that predicts. */
  #session(shape: MlpShape, dropout?: number): Promise<Session> {
    const key = JSON.stringify([shape, dropout]);
    let session = this.#sessions.get(key);
    if (session === undefined) {
      session = this.createSession(dropout === undefined ? predictionGraph(shape) : trainingGraph(shape, dropout));
      this.#sessions.set(key, session);
    }
    return session;
  }
}
