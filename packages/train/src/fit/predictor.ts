import type { ExampleForm, TrainableNetwork } from '@hearken/core';
import type { Session, SessionFactory, SessionOptions, Tensor } from '@hearken/onnx';
import { sizeOf } from '../optimisers/tensor-arena.js';
import { weightsAsInputs } from './prediction-graph.js';
import type { Examples } from './task.js';

/** Examples of one call: bounds the memory. */
const mostExamples = 16;

/** Answers for examples with weights that are being trained, or were. */
export class Predictor {
  private constructor(
    readonly session: Session,
    readonly input: string,
    readonly form: ExampleForm,
  ) {}

  /**
   * @param model the network with adapters
   * @param names of weights that differ from the checkpoint's
   */
  static async create(
    createSession: SessionFactory,
    options: SessionOptions,
    { model, input }: Pick<TrainableNetwork, 'model' | 'input'>,
    form: ExampleForm,
    names: ReadonlySet<string>,
  ): Promise<Predictor> {
    return new Predictor(await createSession(weightsAsInputs(model, names), options), input, form);
  }

  /**
   * The logits of rows, `[count, outputs]`: those of a clip with several windows are the mean over them.
   *
   * @param weights by their names in the graph
   */
  async logits(weights: Readonly<Record<string, Tensor>>, data: Examples): Promise<Float32Array> {
    const { shape } = this.form;
    const size = sizeOf(shape);
    const windows = data.size / size;
    const rows = Math.max(1, Math.floor(mostExamples / windows));
    const order = Array.from({ length: data.count }, (_, row) => row);
    const examples = new Float32Array(rows * data.size);
    const targets = new Float32Array(rows * data.outputs);
    let found: Float32Array | undefined;
    for (let start = 0; start < data.count; start += rows) {
      const end = Math.min(data.count, start + rows);
      data.gather(order, start, end, examples, targets);
      const count = (end - start) * windows;
      const batch = { data: examples.subarray(0, count * size), shape: [count, ...shape] };
      const { logits } = await this.session.run({ ...weights, [this.input]: batch }, ['logits']);
      const outputs = logits.data.length / count;
      found ??= new Float32Array(data.count * outputs);
      addMeans(logits.data as Float32Array, windows, outputs, found.subarray(start * outputs, end * outputs));
    }
    return found ?? new Float32Array(0);
  }

  /** Frees its session. */
  dispose(): Promise<void> {
    return this.session.dispose();
  }
}

function addMeans(logits: Float32Array, windows: number, outputs: number, into: Float32Array): void {
  logits.forEach((logit, index) => {
    const row = Math.floor(index / (windows * outputs));
    into[row * outputs + (index % outputs)] += logit / windows;
  });
}
