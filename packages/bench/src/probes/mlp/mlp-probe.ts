import type { Session, Tensor } from '@hearken/onnx';
import { Random } from '../../files/random.js';
import type { ProbeConfiguration } from '../configuration.js';
import { DropoutMasks } from './dropout-mask.js';
import { initialParameters, type MlpShape, type Parameters, parameterSpecs } from './parameters.js';
import { predictionGraph } from './prediction-graph.js';
import type { Rows } from './rows.js';
import { TrainingState } from './training-state.js';
import { adamScalars, trainingGraph } from './training-graph.js';

/** Makes a session from a serialised graph; what differs between Node.js and the browser. */
export type SessionFactory = (model: Uint8Array) => Promise<Session>;

/** What a probe answers for some rows, both `[count, outputs]`. */
export interface Predictions {
  readonly probabilities: Float32Array;
  readonly logits: Float32Array;
}

/** A score of validation predictions: what training is stopped and selected by. */
export interface Validation<Decision> {
  readonly maximize: boolean;
  /** The score, and what was decided on the way to it, to be kept with the best one. */
  score(predictions: Predictions): { readonly score: number; readonly decision: Decision };
}

export interface TrainedProbe<Decision = unknown> {
  readonly shape: MlpShape;
  /** Parameters at the best validation score. */
  readonly parameters: Parameters;
  readonly validationScore: number;
  readonly decision: Decision;
  /** Epoch of the best validation score, from 1. */
  readonly epoch: number;
  readonly epochsTrained: number;
}

export interface TrainingOptions {
  readonly seed: number;
  readonly onEpoch?: (epoch: number, bestScore: number | null) => void;
  readonly abortSignal?: AbortSignal;
}

/**
 * HEAR's probe, a multi-layer perceptron on frozen embeddings (Turian et al. 2022, arXiv 2203.03022, section 5.3),
 * trained by graphs in the same runtime that runs the models. Sessions are kept and used again for every grid point.
 */
export class MlpProbe {
  readonly #sessions = new Map<string, Promise<Session>>();

  constructor(
    readonly createSession: SessionFactory,
    readonly predictionType: MlpShape['predictionType'],
  ) {}

  /**
   * Trains with early stopping: every `checkEveryEpochs` epochs the validation rows are scored, the best parameters are
   * kept (the earlier of two equal ones), and `patience` checks without a better score end it, as heareval does through
   * PyTorch Lightning's EarlyStopping and ModelCheckpoint. Unlike heareval, the rows are shuffled in every epoch: it
   * means to (`shuffle` for the split named "train") but never does, as its splits are lists of names.
   */
  async train<Decision>(
    train: Rows,
    validationRows: Rows,
    validation: Validation<Decision>,
    configuration: ProbeConfiguration,
    options: TrainingOptions,
  ): Promise<TrainedProbe<Decision>> {
    const shape: MlpShape = {
      inputs: train.size,
      outputs: train.outputs,
      hiddenLayers: configuration.hiddenLayers,
      hiddenDimension: configuration.hiddenDimension,
      hiddenNorm: configuration.hiddenNorm,
      predictionType: this.predictionType,
    };
    const random = new Random(options.seed);
    const state = new TrainingState(shape, initialParameters(shape, configuration.initialization, random));
    const steps = new TrainingSteps(
      await this.#session(shape, configuration.dropout),
      shape,
      train,
      configuration,
      random,
    );
    let best: TrainedProbe<Decision> | undefined;
    const check = async (epoch: number): Promise<TrainedProbe<Decision>> => {
      const parameters = state.parameters();
      const { score, decision } = validation.score(await this.predict({ shape, parameters }, validationRows));
      return { shape, parameters, validationScore: score, decision, epoch, epochsTrained: epoch };
    };
    const better = (score: number, than: number) => (validation.maximize ? score > than : score < than);
    let checksWithoutGain = 0;
    let epoch = 0;
    while (epoch < configuration.maxEpochs && checksWithoutGain < configuration.patience) {
      options.abortSignal?.throwIfAborted();
      await steps.epoch(state);
      epoch += 1;
      if (epoch % configuration.checkEveryEpochs === 0) {
        const checked = await check(epoch);
        if (best === undefined || better(checked.validationScore, best.validationScore)) {
          best = checked;
          checksWithoutGain = 0;
        } else {
          checksWithoutGain += 1;
        }
      }
      options.onEpoch?.(epoch, best?.validationScore ?? null);
    }
    // With fewer epochs than the first check needs, what there is at the end counts.
    best ??= await check(epoch);
    return { ...best, epochsTrained: epoch };
  }

  /** What a trained probe answers, `[rows.count, outputs]`. */
  async predict(probe: Pick<TrainedProbe, 'shape' | 'parameters'>, rows: Rows): Promise<Predictions> {
    const { shape } = probe;
    const session = await this.#session(shape);
    const parameters = Object.fromEntries(
      parameterSpecs(shape).map((spec) => [spec.name, { data: probe.parameters[spec.name], shape: spec.shape }]),
    );
    const probabilities = new Float32Array(rows.count * shape.outputs);
    const logits = new Float32Array(rows.count * shape.outputs);
    const batchSize = Math.min(1024, rows.count);
    const embeddings = new Float32Array(batchSize * shape.inputs);
    const unused = new Float32Array(batchSize * shape.outputs);
    for (let start = 0; start < rows.count; start += batchSize) {
      const count = Math.min(batchSize, rows.count - start);
      for (let position = 0; position < count; position += 1) rows.copy(start + position, position, embeddings, unused);
      const batch = { data: embeddings.subarray(0, count * shape.inputs), shape: [count, shape.inputs] };
      const result = await session.run({ ...parameters, embeddings: batch });
      probabilities.set(result.probabilities.data as Float32Array, start * shape.outputs);
      logits.set(result.logits.data as Float32Array, start * shape.outputs);
    }
    return { probabilities, logits };
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

/** Walks through the training rows in batches, in a new order every epoch. */
class TrainingSteps {
  #order: readonly number[];
  readonly #embeddings: Float32Array;
  readonly #targets: Float32Array;
  readonly #masks: Float32Array[];
  readonly #dropout: DropoutMasks | undefined;
  #step = 0;

  constructor(
    readonly session: Session,
    readonly shape: MlpShape,
    readonly rows: Rows,
    readonly configuration: ProbeConfiguration,
    readonly random: Random,
  ) {
    const batchSize = Math.min(configuration.batchSize, rows.count);
    this.#order = Array.from({ length: rows.count }, (_, index) => index);
    this.#embeddings = new Float32Array(batchSize * shape.inputs);
    this.#targets = new Float32Array(batchSize * shape.outputs);
    this.#dropout = configuration.dropout > 0 ? new DropoutMasks(configuration.dropout) : undefined;
    this.#masks = Array.from(
      { length: this.#dropout === undefined ? 0 : shape.hiddenLayers },
      () => new Float32Array(batchSize * shape.hiddenDimension),
    );
  }

  async epoch(state: TrainingState): Promise<void> {
    const { rows, configuration } = this;
    this.#order = this.random.shuffle(this.#order);
    for (let start = 0; start < rows.count; start += configuration.batchSize) {
      const count = Math.min(configuration.batchSize, rows.count - start);
      // Batch norm has no variance over a single row; PyTorch refuses it, and one row of an epoch can be spared.
      if (count === 1 && rows.count > 1 && this.shape.hiddenNorm === 'batch') break;
      for (let position = 0; position < count; position += 1) {
        rows.copy(this.#order[start + position], position, this.#embeddings, this.#targets);
      }
      await this.#run(state, count);
    }
  }

  async #run(state: TrainingState, count: number): Promise<void> {
    const { shape } = this;
    this.#step += 1;
    const { stepSize, epsilon } = adamScalars(this.configuration.learningRate, this.#step);
    const inputs: Record<string, Tensor> = {
      ...state.inputs,
      embeddings: { data: this.#embeddings.subarray(0, count * shape.inputs), shape: [count, shape.inputs] },
      targets: { data: this.#targets.subarray(0, count * shape.outputs), shape: [count, shape.outputs] },
      stepSize: scalar(stepSize),
      epsilon: scalar(epsilon),
      unbias: scalar(count / Math.max(1, count - 1)),
    };
    this.#masks.forEach((whole, layer) => {
      const mask = whole.subarray(0, count * shape.hiddenDimension);
      this.#dropout?.fill(mask, this.random);
      inputs[`mask${layer}`] = { data: mask, shape: [shape.hiddenDimension, count] };
    });
    await this.session.run(inputs, state.outputs);
    state.advance();
  }
}

function scalar(value: number): Tensor {
  return { data: Float32Array.of(value), shape: [] };
}
