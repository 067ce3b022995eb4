import type { Session } from '@hearken/onnx';
import type { GridName } from '../../evaluation/evaluation.js';
import { Random } from '../../files/random.js';
import { isBetter } from '../better-score.js';
import type {
  Predictions,
  Probe,
  ProbeState,
  ProbeTask,
  SessionFactory,
  TrainedProbe,
  TrainingOptions,
  Validation,
} from '../probe.js';
import type { Rows } from '../rows.js';
import type { MlpConfiguration } from './configuration.js';
import { drawConfigurations } from './grid.js';
import { initialParameters, type MlpShape, parameterSpecs } from './parameters.js';
import { predictionGraph } from './prediction-graph.js';
import { trainingGraph } from './training-graph.js';
import { TrainingState } from './training-state.js';
import { TrainingSteps } from './training-steps.js';

export type { Predictions, Validation } from '../probe.js';

/**
 * HEAR's probe, a multi-layer perceptron on frozen embeddings (Turian et al. 2022, arXiv 2203.03022, section 5.3),
 * trained by graphs in the same runtime that runs the models. Sessions are kept and used again for every grid point.
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
    configuration: MlpConfiguration,
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
      const arrays = state.parameters();
      const { score, decision } = validation.score(await this.predict({ values: { shape }, arrays }, validationRows));
      return { values: { shape }, arrays, validationScore: score, decision, epoch, epochsTrained: epoch };
    };
    let checksWithoutGain = 0;
    let epoch = 0;
    while (epoch < configuration.maxEpochs && checksWithoutGain < configuration.patience) {
      options.abortSignal?.throwIfAborted();
      await steps.epoch(state);
      epoch += 1;
      if (epoch % configuration.checkEveryEpochs === 0) {
        const checked = await check(epoch);
        if (best === undefined || isBetter(checked.validationScore, best.validationScore, validation.maximize)) {
          best = checked;
          checksWithoutGain = 0;
        } else {
          checksWithoutGain += 1;
        }
      }
      options.onEpoch?.(epoch, configuration.maxEpochs, best?.validationScore ?? null);
    }
    // With fewer epochs than the first check needs, what there is at the end counts.
    best ??= await check(epoch);
    return { ...best, epochsTrained: epoch };
  }

  /** What a trained probe answers, `[rows.count, outputs]`. */
  async predict(trained: ProbeState, rows: Rows): Promise<Predictions> {
    const shape = trained.values.shape as MlpShape;
    const session = await this.#session(shape);
    const parameters = Object.fromEntries(
      parameterSpecs(shape).map((spec) => [spec.name, { data: trained.arrays[spec.name], shape: spec.shape }]),
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
