import type { Emitter, GraphValue } from '../graph/contracts.js';
import { sizeOf } from '../graph/tensor-elements.js';
import { sameShape } from './shapes.js';

// The nodes that backward forms consist of.

export function add(graph: Emitter, left: GraphValue, right: GraphValue): GraphValue {
  return graph.add('Add', [left, right]);
}

export function subtract(graph: Emitter, left: GraphValue, right: GraphValue): GraphValue {
  return graph.add('Sub', [left, right]);
}

export function multiply(graph: Emitter, left: GraphValue, right: GraphValue): GraphValue {
  return graph.add('Mul', [left, right]);
}

export function divide(graph: Emitter, left: GraphValue, right: GraphValue): GraphValue {
  return graph.add('Div', [left, right]);
}

export function negate(graph: Emitter, value: GraphValue): GraphValue {
  return graph.add('Neg', [value]);
}

/** `value * factor`, which is `value` itself for a factor of 1. */
export function scale(graph: Emitter, value: GraphValue, factor: number): GraphValue {
  return factor === 1 ? value : multiply(graph, value, graph.constant(factor));
}

/** `value + term` */
export function shift(graph: Emitter, value: GraphValue, term: number): GraphValue {
  return add(graph, value, graph.constant(term));
}

export function square(graph: Emitter, value: GraphValue): GraphValue {
  return multiply(graph, value, value);
}

/**
 * 1 where `factor * value` is above a bound, else 0: a ramp so steep that only numbers within 1e-18 of the bound are on
 * it. One pass, where a comparison and what is chosen by it take the runtime four.
 *
 * @param bound 0, or a number that is exact in float32
 */
export function stepAbove(graph: Emitter, value: GraphValue, bound: number, factor: 1 | -1 = 1): GraphValue {
  const steep = 2 ** 60;
  return graph.add('HardSigmoid', [value], { attributes: { alpha: factor * steep, beta: -bound * steep } });
}

/** `value / 2 + 1 / 2` of values from -1 to 1, in one pass. */
export function toShare(graph: Emitter, value: GraphValue): GraphValue {
  return graph.add('HardSigmoid', [value], { attributes: { alpha: 0.5, beta: 0.5 } });
}

/** 1 where a condition holds, else 0. */
export function indicator(graph: Emitter, condition: GraphValue): GraphValue {
  return graph.add('Cast', [condition], { attributes: { to: 1n } });
}

/** `value` where the condition holds, else 0. */
export function keepWhere(graph: Emitter, condition: GraphValue, value: GraphValue): GraphValue {
  return graph.add('Where', [condition, value, graph.constant(0)]);
}

/** The value with another shape of as many elements. */
export function reshape(graph: Emitter, value: GraphValue, shape: readonly number[]): GraphValue {
  if (sameShape(value.shape, shape)) return value;
  return graph.add('Reshape', [value, graph.integers(shape)], {
    attributes: { allowzero: shape.includes(0) ? 1n : 0n },
  });
}

/** Permutes axes; a permutation that only moves axes of size 1 copies nothing. */
export function transpose(graph: Emitter, value: GraphValue, permutation: readonly number[]): GraphValue {
  const moved = permutation.filter((axis) => value.shape[axis] !== 1);
  if (moved.every((axis, index) => index === 0 || axis > moved[index - 1])) {
    return reshape(
      graph,
      value,
      permutation.map((axis) => value.shape[axis]),
    );
  }
  return graph.add('Transpose', [value], { attributes: { perm: permutation.map(BigInt) } });
}

export function sum(graph: Emitter, value: GraphValue, axes: readonly number[], keepDimensions = false): GraphValue {
  return reduce(graph, 'ReduceSum', value, axes, keepDimensions);
}

export function mean(graph: Emitter, value: GraphValue, axes: readonly number[], keepDimensions = false): GraphValue {
  return reduce(graph, 'ReduceMean', value, axes, keepDimensions);
}

function reduce(
  graph: Emitter,
  type: string,
  value: GraphValue,
  axes: readonly number[],
  keepDimensions: boolean,
): GraphValue {
  const kept = value.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  // Nothing to add up.
  if (sameShape(kept, value.shape)) {
    return keepDimensions
      ? value
      : reshape(
          graph,
          value,
          value.shape.filter((_, axis) => !axes.includes(axis)),
        );
  }
  return graph.add(type, [value, graph.integers(axes)], { attributes: { keepdims: keepDimensions ? 1n : 0n } });
}

/**
 * The gradient of what was broadcast: the sum over the axes that were repeated.
 *
 * @param shape the shape before the repetition
 */
export function sumTo(graph: Emitter, value: GraphValue, shape: readonly number[]): GraphValue {
  if (sameShape(value.shape, shape)) return value;
  const repeated = repeatedAxes(value.shape, shape);
  return reshape(graph, repeated.length === 0 ? value : sum(graph, value, repeated), shape);
}

/** {@link sumTo} of the products of two values of the same shape. */
export function sumOfProductsTo(
  graph: Emitter,
  left: GraphValue,
  right: GraphValue,
  shape: readonly number[],
): GraphValue {
  const repeated = repeatedAxes(left.shape, shape);
  if (repeated.length === 0) return reshape(graph, multiply(graph, left, right), shape);
  return reshape(graph, sumOfProducts(graph, left, right, repeated), shape);
}

/** The axes that a shape gets, or has with size 1, when it is broadcast to another. */
function repeatedAxes(to: readonly number[], shape: readonly number[]): number[] {
  const missing = to.length - shape.length;
  return to.flatMap((size, axis) => {
    const before = axis < missing ? 1 : shape[axis - missing];
    return before === 1 && (size !== 1 || axis < missing) ? [axis] : [];
  });
}

/** The value repeated to a shape. */
export function expandTo(graph: Emitter, value: GraphValue, shape: readonly number[]): GraphValue {
  return sameShape(value.shape, shape) ? value : graph.add('Expand', [value, graph.integers(shape)]);
}

/** Rows at least this long are multiplied and added up as matrix products with one element. */
const longProduct = 256;

/**
 * The sum of the products of two values of the same shape over some axes. Where the last ones are long, it is a matrix
 * product of rows: the products themselves are then not written to memory.
 */
export function sumOfProducts(
  graph: Emitter,
  left: GraphValue,
  right: GraphValue,
  axes: readonly number[],
): GraphValue {
  const { shape } = left;
  let first = shape.length;
  while (first > 0 && axes.includes(first - 1)) first -= 1;
  const length = sizeOf(shape.slice(first));
  if (length < longProduct) return sum(graph, multiply(graph, left, right), axes);
  const leading = shape.slice(0, first);
  const rows = (value: GraphValue) => reshape(graph, value, [sizeOf(leading), 1, length]);
  const products = product(graph, rows(left), rows(right), { transB: true });
  return sum(
    graph,
    reshape(graph, products, leading),
    axes.filter((axis) => axis < first),
  );
}

/** How a matrix product is taken. */
export interface ProductOptions {
  /** Whether the last two axes of the left factor are swapped. */
  readonly transA?: boolean;
  /** Whether the last two axes of the right factor are swapped. */
  readonly transB?: boolean;
  /** Multiplied by the product. */
  readonly alpha?: number;
}

/** A matrix product over the last two axes; leading axes broadcast. No factor is copied to be transposed. */
export function product(
  graph: Emitter,
  left: GraphValue,
  right: GraphValue,
  { transA = false, transB = false, alpha = 1 }: ProductOptions = {},
): GraphValue {
  const flags = { transA: transA ? 1n : 0n, transB: transB ? 1n : 0n, alpha };
  if (left.shape.length === 2 && right.shape.length === 2)
    return graph.add('Gemm', [left, right], { attributes: flags });
  if (!transA && !transB && alpha === 1) return graph.add('MatMul', [left, right]);
  return graph.add('com.microsoft.FusedMatMul', [left, right], { attributes: flags });
}

/** The same as a matrix: all axes but the last together. */
export function asMatrix(graph: Emitter, value: GraphValue): GraphValue {
  const width = value.shape.at(-1) ?? 1;
  return reshape(graph, value, [sizeOf(value.shape.slice(0, -1)), width]);
}

/** All axes of a value. */
export function allAxes({ shape }: GraphValue): number[] {
  return shape.map((_, axis) => axis);
}

/**
 * A constant that is only known once another value is: what is computed from it is computed no earlier, and is not the
 * same to the runtime as what was computed from a constant before. A value that is not finite makes it so too.
 */
export function after(graph: Emitter, constant: number, value: GraphValue): GraphValue {
  const flat = reshape(graph, value, [sizeOf(value.shape)]);
  const first = graph.add('Slice', [flat, graph.integers([0]), graph.integers([1])]);
  return shift(graph, scale(graph, first, 0), constant);
}
