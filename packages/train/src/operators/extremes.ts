import type { Emitter, GraphValue, Operator, OperatorNode } from '../graph/contracts.js';
import { keepWhere, sumTo } from './emit.js';
import { broadcastShapes, required, sameAsInput } from './shapes.js';

/** Elementwise bounds: `Clip`, and the larger or smaller of tensors that broadcast. */
export const extremeOperators: readonly Operator[] = [
  {
    type: 'Clip',
    infer: sameAsInput,
    fold(node) {
      const [low, high] = [node.inputs[1]?.elements?.[0] ?? -Infinity, node.inputs[2]?.elements?.[0] ?? Infinity];
      return node.inputs[0]?.elements?.map((value) => Math.min(Math.max(value, low), high));
    },
    train(graph, node) {
      const [input, low, high] = [required(node, 0), node.inputs[1], node.inputs[2]];
      return {
        outputs: [graph.add('Clip', node.inputs)],
        // At a bound the gradient passes, as in PyTorch.
        backward([gradient]) {
          if (gradient === undefined) return [];
          const above = low && graph.add('GreaterOrEqual', [input, low]);
          const below = high && graph.add('LessOrEqual', [input, high]);
          const inside = above && below ? graph.add('And', [above, below]) : (above ?? below);
          return [inside === undefined ? gradient : keepWhere(graph, inside, gradient)];
        },
      };
    },
  },
  extreme('Max', 'GreaterOrEqual', Math.max),
  extreme('Min', 'LessOrEqual', Math.min),
];

/** Equal values: the gradient is that of the first of them. */
function extreme(type: string, isFirst: string, choose: (left: number, right: number) => number): Operator {
  return {
    type,
    infer(node) {
      const shapes = node.inputs.map((_, index) => required(node, index).shape);
      return [{ dataType: required(node, 0).dataType, shape: broadcastShapes(node, shapes) }];
    },
    fold(node) {
      const all = node.inputs.map((input) => (input?.elements?.length === 1 ? input.elements[0] : undefined));
      return all.every((value) => value !== undefined) ? [all.reduce(choose)] : undefined;
    },
    train(graph, node) {
      const output = graph.add(type, node.inputs);
      return {
        outputs: [output],
        backward: ([gradient], wanted) => shares(graph, node, gradient, wanted, type, isFirst),
      };
    },
  };
}

function shares(
  graph: Emitter,
  node: OperatorNode,
  gradient: GraphValue | undefined,
  wanted: readonly boolean[],
  type: string,
  isFirst: string,
): (GraphValue | undefined)[] {
  if (gradient === undefined) return [];
  let rest = gradient;
  return node.inputs.map((_, index) => {
    const [input, ...others] = node.inputs.slice(index).map((value) => value!);
    if (others.length === 0) return wanted[index] ? sumTo(graph, rest, input.shape) : undefined;
    const other = others.length === 1 ? others[0] : graph.add(type, others);
    const isChosen = graph.add(isFirst, [input, other]);
    const own = wanted[index] ? sumTo(graph, keepWhere(graph, isChosen, rest), input.shape) : undefined;
    if (wanted.slice(index + 1).includes(true)) {
      rest = graph.add('Where', [isChosen, graph.constant(0), rest]);
    }
    return own;
  });
}
