import type { Emitter, GraphValue, Operator } from '../graph/contracts.js';
import { divide, multiply, negate, sumOfProductsTo, sumTo } from './emit.js';
import { foldBinary } from './elementwise.js';
import { broadcastShapes, required, sameShape } from './shapes.js';

/** Adds what computes an input's gradient, summed over the axes along which it was repeated. */
type PartGradient = (
  graph: Emitter,
  values: {
    readonly left: GraphValue;
    readonly right: GraphValue;
    readonly output: GraphValue;
    readonly gradient: GraphValue;
  },
  shape: readonly number[],
) => GraphValue;

/** Arithmetic of two tensors, which broadcast like NumPy. */
export const arithmeticOperators: readonly Operator[] = [
  binary(
    'Add',
    (left, right) => left + right,
    (graph, { gradient }, shape) => sumTo(graph, gradient, shape),
    (graph, { gradient }, shape) => sumTo(graph, gradient, shape),
  ),
  binary(
    'Sub',
    (left, right) => left - right,
    (graph, { gradient }, shape) => sumTo(graph, gradient, shape),
    // Negated where it is small.
    (graph, { gradient }, shape) => negate(graph, sumTo(graph, gradient, shape)),
  ),
  binary(
    'Mul',
    (left, right) => left * right,
    (graph, { right, gradient }, shape) => productTo(graph, gradient, right, shape),
    (graph, { left, gradient }, shape) => productTo(graph, gradient, left, shape),
  ),
  binary(
    'Div',
    (left, right) => left / right,
    (graph, { right, gradient }, shape) => sumTo(graph, divide(graph, gradient, right), shape),
    (graph, { right, output, gradient }, shape) =>
      negate(graph, sumTo(graph, multiply(graph, gradient, divide(graph, output, right)), shape)),
  ),
];

/** The gradient times the other factor. */
function productTo(graph: Emitter, gradient: GraphValue, other: GraphValue, shape: readonly number[]): GraphValue {
  return sameShape(gradient.shape, other.shape)
    ? sumOfProductsTo(graph, gradient, other, shape)
    : sumTo(graph, multiply(graph, gradient, other), shape);
}

function binary(
  type: string,
  fold: (left: number, right: number) => number,
  ofLeft: PartGradient,
  ofRight: PartGradient,
): Operator {
  return {
    type,
    infer(node) {
      const [left, right] = [required(node, 0), required(node, 1)];
      return [{ dataType: left.dataType, shape: broadcastShapes(node, [left.shape, right.shape]) }];
    },
    fold(node) {
      const isWhole = node.inputs[0]?.dataType.startsWith('int');
      return foldBinary(node, (left, right) => (isWhole ? Math.trunc(fold(left, right)) : fold(left, right)));
    },
    train(graph, node) {
      const [left, right] = [required(node, 0), required(node, 1)];
      const output = graph.add(type, [left, right]);
      return {
        outputs: [output],
        backward([gradient], [wantsLeft, wantsRight]) {
          if (gradient === undefined) return [];
          const values = { left, right, output, gradient };
          return [
            wantsLeft ? ofLeft(graph, values, left.shape) : undefined,
            wantsRight ? ofRight(graph, values, right.shape) : undefined,
          ];
        },
      };
    },
  };
}
