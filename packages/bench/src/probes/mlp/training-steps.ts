import type { Session, Tensor } from '@hearken/onnx';
import type { Random } from '@hearken/metrics';
import type { Rows } from '../rows.js';
import { DropoutMasks } from './dropout-mask.js';
import type { MlpConfiguration, MlpShape } from './parameters.js';
import { adamScalars } from './training-graph.js';
import type { TrainingState } from './training-state.js';

/** Walks through the training rows in batches, in a new order every epoch. */
export class TrainingSteps {
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
    readonly configuration: MlpConfiguration,
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

  /** @throws the abort signal's reason if it is aborted between two steps */
  async epoch(state: TrainingState, abortSignal?: AbortSignal): Promise<void> {
    const { rows, configuration } = this;
    this.#order = this.random.shuffle(this.#order);
    for (let start = 0; start < rows.count; start += configuration.batchSize) {
      abortSignal?.throwIfAborted();
      const count = Math.min(configuration.batchSize, rows.count - start);
      // Batch norm has no variance over a single row, which PyTorch refuses; an epoch can do without one row.
      if (count === 1 && rows.count > 1 && this.shape.hiddenNorm === 'batch') break;
      rows.gather(this.#order, start, start + count, this.#embeddings, this.#targets);
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
