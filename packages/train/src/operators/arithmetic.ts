import type { Emitter, GraphValue, Operator } from '../graph/contracts.js';
import { divide, multiply, negate, sumTo } from './emit.js';
import { foldBinary } from './elementwise.js';
import { broadcastShapes, required } from './shapes.js';

/** Adds what computes an input's gradient, before it is summed over repeated axes. */
type PartGradient = (
  graph: Emitter,
  values: {
    readonly left: GraphValue;
    readonly right: GraphValue;
    readonly output: GraphValue;
    readonly gradient: GraphValue;
  },
) => GraphValue;

/** Arithmetic of two tensors, which broadcast like NumPy. */
export const arithmeticOperators: readonly Operator[] = [
  binary(
    'Add',
    (left, right) => left + right,
    (_, { gradient }) => gradient,
    (_, { gradient }) => gradient,
  ),
  binary(
    'Sub',
    (left, right) => left - right,
    (_, { gradient }) => gradient,
    (graph, { gradient }) => negate(graph, gradient),
    true,
  ),
  binary(
    'Mul',
    (left, right) => left * right,
    (graph, { right, gradient }) => multiply(graph, gradient, right),
    (graph, { left, gradient }) => multiply(graph, gradient, left),
  ),
  binary(
    'Div',
    (left, right) => left / right,
    (graph, { right, gradient }) => divide(graph, gradient, right),
    (graph, { right, output, gradient }) => negate(graph, multiply(graph, gradient, divide(graph, output, right))),
  ),
];

function binary(
  type: string,
  fold: (left: number, right: number) => number,
  ofLeft: PartGradient,
  ofRight: PartGradient,
  isLinear = false,
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
          // A difference's second gradient is negated where it is small.
          const second = () =>
            isLinear
              ? ofRight(graph, { ...values, gradient: sumTo(graph, gradient, right.shape) })
              : sumTo(graph, ofRight(graph, values), right.shape);
          return [
            wantsLeft ? sumTo(graph, ofLeft(graph, values), left.shape) : undefined,
            wantsRight ? second() : undefined,
          ];
        },
      };
    },
  };
}
