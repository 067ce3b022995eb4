import { integerOf } from '../graph/attributes.js';
import type { Emitter, GraphValue, Operator, OperatorNode } from '../graph/contracts.js';
import { divide, expandTo, indicator, keepWhere, multiply, reshape, scale, sum } from './emit.js';
import { knownElements, positiveAxis, required } from './shapes.js';

/** What a reduction's gradient is made from; `output` and `gradient` have the reduced axes with size 1. */
interface Reduced {
  readonly input: GraphValue;
  readonly output: GraphValue;
  readonly gradient: GraphValue;
  /** The number of elements behind each element of the output. */
  readonly count: number;
  readonly axes: readonly number[];
}

/** Reductions over some or all axes. */
export const reductionOperators: readonly Operator[] = [
  reduction('ReduceSum', (graph, { input, gradient }) => expandTo(graph, gradient, input.shape)),
  reduction('ReduceMean', (graph, { input, gradient, count }) =>
    expandTo(graph, scale(graph, gradient, 1 / count), input.shape),
  ),
  reduction('ReduceSumSquare', (graph, { input, gradient }) => multiply(graph, input, scale(graph, gradient, 2))),
  // x / |x|; 0 for a vector of zeros, as in PyTorch.
  reduction('ReduceL2', (graph, { input, output, gradient }) => {
    const isPositive = graph.add('Greater', [output, graph.constant(0)]);
    const safe = graph.add('Where', [isPositive, output, graph.constant(1)]);
    return multiply(graph, input, keepWhere(graph, isPositive, divide(graph, gradient, safe)));
  }),
  reduction('ReduceMax', shareAmongEqual),
  reduction('ReduceMin', shareAmongEqual),
  reduction('ReduceProd', undefined, (left, right) => left * right),
];

/** Elements that are equal to the extreme share its gradient equally. */
function shareAmongEqual(graph: Emitter, { input, output, gradient, axes }: Reduced): GraphValue {
  const isExtreme = indicator(graph, graph.add('Equal', [input, output]));
  return multiply(graph, isExtreme, divide(graph, gradient, sum(graph, isExtreme, axes, true)));
}

function reduction(
  type: string,
  gradientOf: ((graph: Emitter, reduced: Reduced) => GraphValue) | undefined,
  fold?: (left: number, right: number) => number,
): Operator {
  return {
    type,
    infer(node) {
      const { dataType, shape } = required(node, 0);
      const axes = axesOf(node);
      const keeps = integerOf(node, 'keepdims', 1) !== 0;
      const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
      return [{ dataType, shape: keeps ? kept : shape.filter((_, axis) => !axes.includes(axis)) }];
    },
    ...(fold === undefined
      ? {}
      : {
          fold: (node: OperatorNode) => {
            const { elements, shape } = required(node, 0);
            return elements === undefined || axesOf(node).length < shape.length
              ? undefined
              : [elements.reduce(fold, 1)];
          },
        }),
    ...(gradientOf === undefined
      ? {}
      : {
          train(graph, node) {
            const input = required(node, 0);
            const axes = axesOf(node);
            const output = graph.add(type, node.inputs, { attributes: node.attributes });
            return {
              outputs: [output],
              backward([gradient]) {
                if (gradient === undefined) return [];
                const kept = input.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
                const count = axes.reduce((product, axis) => product * input.shape[axis], 1);
                const [full, slope] = [reshape(graph, output, kept), reshape(graph, gradient, kept)];
                return [gradientOf(graph, { input, output: full, gradient: slope, count, axes })];
              },
            };
          },
        }),
  };
}

/** The reduced axes, counted from the front. */
function axesOf(node: OperatorNode): number[] {
  const rank = required(node, 0).shape.length;
  const given = node.inputs[1] === undefined ? [] : knownElements(node, 1, 'axes');
  if (given.length > 0) return given.map((axis) => positiveAxis(node, axis, rank));
  return integerOf(node, 'noop_with_empty_axes', 0) !== 0 ? [] : Array.from({ length: rank }, (_, axis) => axis);
}
