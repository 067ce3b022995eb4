import type { ExampleForm, TrainableModel } from '@hearken/core';
import type { Session, SessionFactory, SessionOptions, Tensor } from '@hearken/onnx';
import { listParameters } from '../list-parameters.js';
import { sizeOf } from '../graph/tensor-elements.js';
import type { ResolvedRecipe } from '../recipes/resolve-recipe.js';
import { selectParameters } from '../recipes/select-parameters.js';
import { weightsAsInputs } from './prediction-graph.js';
import { withAdapters } from './step-graph.js';
import type { Examples } from './task.js';

/** Examples of one call: bounds the memory. */
const mostExamples = 16;

/** Which network answers, and how. */
export interface PredictorOptions {
  /** Makes its session. */
  readonly createSession: SessionFactory;
  /** How it computes. */
  readonly session?: SessionOptions;
  /** The opened model. */
  readonly model: TrainableModel;
  /** The recipe by which it is trained. */
  readonly recipe: ResolvedRecipe;
  /** The form of the rows' examples. */
  readonly form: ExampleForm;
  /** Number of logits. */
  readonly outputs: number;
}

/** Answers for examples with weights that are being trained, or were. */
export class Predictor {
  private constructor(
    /** What runs the network. */
    readonly session: Session,
    /** Name of the input for examples. */
    readonly input: string,
    /** The form of an example. */
    readonly form: ExampleForm,
    /** Sizes of the weights that may be given. */
    readonly shapes: ReadonlyMap<string, readonly number[]>,
  ) {}

  /**
   * Builds the network with its head, and adapters if the recipe has some.
   *
   * @param names of the weights that differ from the checkpoint's
   */
  static async create({ model, recipe, form, outputs, ...options }: PredictorOptions, names: Iterable<string>) {
    const network = model.network({ outputs, form });
    const { adapted } = selectParameters(network, recipe.recipe, recipe.settings, model.blocks);
    const whole = withAdapters(network.model, adapted, recipe.settings);
    const external = model.weights === undefined ? {} : { external: model.weights };
    const graph = weightsAsInputs(whole.model, new Set(names));
    const session = await options.createSession(graph, { ...options.session, ...external });
    const adapters = whole.adapters.flatMap(({ down, up }) => [down, up]);
    const all = [...listParameters(whole.model), ...network.head, ...adapters];
    return new Predictor(session, network.input, form, new Map(all.map(({ name, shape }) => [name, shape])));
  }

  /** Weights as a training gave them, with their shapes. */
  tensors(weights: Iterable<readonly [string, Float32Array]>): Record<string, Tensor> {
    const known = [...weights].filter(([name]) => this.shapes.has(name));
    return Object.fromEntries(known.map(([name, data]) => [name, { data, shape: this.shapes.get(name)! }]));
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
    // Those of a head that only training has are not inputs here.
    const used = Object.fromEntries(Object.entries(weights).filter(([name]) => this.shapes.has(name)));
    for (let start = 0; start < data.count; start += rows) {
      const end = Math.min(data.count, start + rows);
      data.gather(order, start, end, examples, targets);
      const count = (end - start) * windows;
      const batch = { data: examples.subarray(0, count * size), shape: [count, ...shape] };
      const { logits } = await this.session.run({ ...used, [this.input]: batch }, ['logits']);
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
