import { add, GraphBuilder, sigmoid, subtract, sum, type Session, type Tensor } from '@hearken/onnx';

/** A range of rows, `[start, end)`. */
export type RowRange = readonly [start: number, end: number];

/** How columns of logits become probabilities: separately, or all together. */
export type Link = 'sigmoid' | 'softmax';

/** Rows and their targets, as the solver sees them. */
export interface LogisticData {
  readonly link: Link;
  /** Float32, `[count, size]`; the mean of each column about 0. */
  readonly features: Float32Array;
  /** Mean square of each feature: `[size]`. */
  readonly variances: Float64Array;
  readonly count: number;
  readonly size: number;
  /** `[count, columns]` */
  readonly targets: Uint8Array;
  readonly columns: number;
}

/** Number of values per call: limits the memory for logits and residuals. */
const blockValues = 2 ** 21;

/** Sums the gradient of the log loss over rows, with a graph: two products and what is between them. */
export class LogisticGradient {
  constructor(
    readonly session: Session,
    readonly data: LogisticData,
  ) {}

  /**
   * The targets of some columns, to be passed to {@link sum} with the weights of the same columns.
   *
   * @returns `[data.count, columns.length]`
   */
  targetsOf(columns: readonly number[]): Float32Array {
    const { targets, count, columns: all } = this.data;
    const chosen = new Float32Array(count * columns.length);
    let position = 0;
    for (let row = 0; row < count; row += 1) {
      for (const column of columns) chosen[position++] = targets[row * all + column];
    }
    return chosen;
  }

  /**
   * Sums the gradient over the rows of `ranges`.
   *
   * @param weights `[columns, size + 1]`, the intercept last in each
   * @param targets `[data.count, columns]`
   * @returns like `weights`
   */
  async sum(
    weights: Float64Array,
    targets: Float32Array,
    columns: number,
    ranges: readonly RowRange[],
  ): Promise<Float64Array> {
    const { size } = this.data;
    const parameters = this.#parameters(weights, columns);
    const total = new Float64Array(columns * (size + 1));
    const blockRows = Math.max(1, Math.floor(blockValues / columns));
    for (const [first, last] of ranges) {
      for (let start = first; start < last; start += blockRows) {
        const end = Math.min(last, start + blockRows);
        const result = await this.session.run(
          { ...parameters, features: this.#features(start, end), targets: rowsOf(targets, columns, start, end) },
          ['weightGradient', 'biasGradient'],
        );
        const weightGradient = result.weightGradient.data as Float32Array;
        const biasGradient = result.biasGradient.data as Float32Array;
        for (let column = 0; column < columns; column += 1) {
          const offset = column * (size + 1);
          for (let index = 0; index < size; index += 1) total[offset + index] += weightGradient[column * size + index];
          total[offset + size] += biasGradient[column];
        }
      }
    }
    return total;
  }

  /**
   * The logits of all columns for some rows.
   *
   * @param weights `[data.columns, size + 1]`
   * @returns `[rows, data.columns]`
   */
  async logits(weights: Float64Array, [start, end]: RowRange): Promise<Float32Array> {
    const { columns } = this.data;
    const targets = new Float32Array((end - start) * columns);
    const result = await this.session.run(
      {
        ...this.#parameters(weights, columns),
        features: this.#features(start, end),
        targets: rowsOf(targets, columns, 0, end - start),
      },
      ['logits'],
    );
    return result.logits.data as Float32Array;
  }

  #features(start: number, end: number): Tensor {
    return rowsOf(this.data.features, this.data.size, start, end);
  }

  /** Weights and intercepts separately, in float32. */
  #parameters(weights: Float64Array, columns: number): Record<'weight' | 'bias', Tensor> {
    const { size } = this.data;
    const weight = new Float32Array(columns * size);
    const bias = new Float32Array(columns);
    for (let column = 0; column < columns; column += 1) {
      const offset = column * (size + 1);
      weight.set(weights.subarray(offset, offset + size), column * size);
      bias[column] = weights[offset + size];
    }
    return { weight: { data: weight, shape: [columns, size] }, bias: { data: bias, shape: [columns] } };
  }
}

function rowsOf(values: Float32Array, width: number, start: number, end: number): Tensor {
  return { data: values.subarray(start * width, end * width), shape: [end - start, width] };
}

/** The graph that {@link LogisticGradient} runs; the same one for all sizes. */
export function logisticGradientGraph(link: Link): Uint8Array {
  const graph = new GraphBuilder('logistic-gradient');
  const features = graph.input('features', ['n', 'size']);
  const targets = graph.input('targets', ['n', 'columns']);
  const product = graph.node('Gemm', [features, graph.input('weight', ['columns', 'size'])], {
    attributes: { transB: 1n },
  });
  const logits = add(graph, product, graph.input('bias', ['columns']));
  graph.output('logits', logits, ['n', 'columns']);
  const probabilities =
    link === 'softmax' ? graph.node('Softmax', [logits], { attributes: { axis: -1n } }) : sigmoid(graph, logits);
  const residuals = subtract(graph, probabilities, targets);
  const weightGradient = graph.node('Gemm', [residuals, features], { attributes: { transA: 1n } });
  graph.output('weightGradient', weightGradient, ['columns', 'size']);
  graph.output('biasGradient', sum(graph, residuals, [0]), ['columns']);
  return graph.build();
}
