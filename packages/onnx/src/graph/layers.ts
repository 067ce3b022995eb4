import type { GraphBuilder, Value } from './graph-builder.js';

/**
 * The layer vocabulary: each function adds the nodes of one layer and returns its output. Weights are values (usually
 * `builder.external(...)`) with PyTorch's shapes.
 */

export function add(graph: GraphBuilder, left: Value, right: Value): Value {
  return graph.node('Add', [left, right]);
}

/** `left - right`, broadcasting like NumPy. */
export function subtract(graph: GraphBuilder, left: Value, right: Value): Value {
  return graph.node('Sub', [left, right]);
}

/** Elementwise `left * right`, broadcasting like NumPy. */
export function multiply(graph: GraphBuilder, left: Value, right: Value): Value {
  return graph.node('Mul', [left, right]);
}

/** Elementwise `left / right`, broadcasting like NumPy. */
export function divide(graph: GraphBuilder, left: Value, right: Value): Value {
  return graph.node('Div', [left, right]);
}

/** Matrix product over the last two axes, `[..., n, k]` by `[..., k, m]`; leading axes broadcast. */
export function matmul(graph: GraphBuilder, left: Value, right: Value): Value {
  return graph.node('MatMul', [left, right]);
}

/** Elementwise `max(0, x)`. */
export function relu(graph: GraphBuilder, input: Value): Value {
  return graph.node('Relu', [input]);
}

/** Elementwise `1 / (1 + exp(-x))`. */
export function sigmoid(graph: GraphBuilder, input: Value): Value {
  return graph.node('Sigmoid', [input]);
}

/** x * relu6(x + 3) / 6. */
export function hardSwish(graph: GraphBuilder, input: Value): Value {
  return graph.node('HardSwish', [input]);
}

/** Concatenates values along an axis; all other sizes must be equal. A single value is returned as it is. */
export function concat(graph: GraphBuilder, inputs: readonly Value[], axis: number): Value {
  return inputs.length === 1 ? inputs[0] : graph.node('Concat', inputs, { attributes: { axis: BigInt(axis) } });
}

/** `shape` may contain one -1, and 0 for an unchanged dimension. */
export function reshape(graph: GraphBuilder, input: Value, shape: readonly number[]): Value {
  return graph.node('Reshape', [input, graph.integers(shape)]);
}

/** Permutes the axes: axis `i` of the result is axis `permutation[i]` of the input. */
export function transpose(graph: GraphBuilder, input: Value, permutation: readonly number[]): Value {
  return graph.node('Transpose', [input], { attributes: { perm: permutation.map(BigInt) } });
}

/** `input[start:end:step]` along one axis; `end` may be negative, or infinite for the rest. */
export function slice(graph: GraphBuilder, input: Value, axis: number, start: number, end: number, step = 1): Value {
  const last = end === Infinity ? 2 ** 31 - 1 : end;
  return graph.node('Slice', [
    input,
    graph.integers([start]),
    graph.integers([last]),
    graph.integers([axis]),
    graph.integers([step]),
  ]);
}

/** Mean over `axes`. */
export function mean(graph: GraphBuilder, input: Value, axes: readonly number[], keepDimensions = false): Value {
  return graph.node('ReduceMean', [input, graph.integers(axes)], {
    attributes: { keepdims: keepDimensions ? 1n : 0n },
  });
}

/**
 * Mean over the two spatial axes of `[n, channels, height, width]`, as `[n, channels]`. Pooling rather than a
 * reduction, because the runtime pools in the blocked layout that it uses for the outputs of convolutions.
 */
export function spatialMean(graph: GraphBuilder, input: Value): Value {
  return graph.node('Flatten', [graph.node('GlobalAveragePool', [input])], { attributes: { axis: 1n } });
}

/** Sum over `axes`. */
export function sum(graph: GraphBuilder, input: Value, axes: readonly number[], keepDimensions = false): Value {
  return graph.node('ReduceSum', [input, graph.integers(axes)], {
    attributes: { keepdims: keepDimensions ? 1n : 0n },
  });
}

/** Settings of a convolution. */
export interface ConvolutionOptions {
  /** Stride along each spatial axis; default: 1. */
  readonly stride?: readonly number[];
  /** Zero padding at each end of each spatial axis. */
  readonly padding?: readonly number[];
  /**
   * Number of groups of channels that don't mix; as many groups as channels make a depthwise convolution. Default: 1.
   */
  readonly groups?: number;
  /** Added to each output channel, `[outputs]`. */
  readonly bias?: Value;
}

/** N-dimensional convolution; weight `[outputs, inputs / groups, ...kernel]`. */
export function convolution(
  graph: GraphBuilder,
  input: Value,
  weight: Value,
  kernel: readonly number[],
  options: ConvolutionOptions = {},
): Value {
  const stride = options.stride ?? kernel.map(() => 1);
  const padding = options.padding ?? kernel.map(() => 0);
  return graph.node('Conv', [input, weight, ...(options.bias ? [options.bias] : [])], {
    attributes: {
      kernel_shape: kernel.map(BigInt),
      strides: stride.map(BigInt),
      pads: [...padding, ...padding].map(BigInt),
      group: BigInt(options.groups ?? 1),
    },
  });
}

/** Weights and statistics of a batch norm, `[channels]` each. */
export interface BatchNormWeights {
  /** PyTorch's `weight`. */
  readonly scale: Value;
  /** PyTorch's `bias`. */
  readonly bias: Value;
  /** PyTorch's `running_mean`. */
  readonly mean: Value;
  /** PyTorch's `running_var`. */
  readonly variance: Value;
}

/** Batch norm in evaluation mode; the runtime folds it into a preceding convolution. */
export function batchNorm(graph: GraphBuilder, input: Value, weights: BatchNormWeights, epsilon: number): Value {
  return graph.node('BatchNormalization', [input, weights.scale, weights.bias, weights.mean, weights.variance], {
    attributes: { epsilon },
  });
}

/** `input @ weight^T + bias`; input `[n, inputs]`, weight `[outputs, inputs]`. */
export function linear(graph: GraphBuilder, input: Value, weight: Value, bias?: Value): Value {
  return graph.node('Gemm', [input, weight, ...(bias ? [bias] : [])], { attributes: { transB: 1n } });
}
