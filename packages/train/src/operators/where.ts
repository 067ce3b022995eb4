import type { Operator } from '../graph/contracts.js';
import { keepWhere, sumTo } from './emit.js';
import { repeated } from './elementwise.js';
import { broadcastShapes, required } from './shapes.js';

/** `condition ? left : right`, for each element. */
export const where: Operator = {
  type: 'Where',
  infer(node) {
    const all = [0, 1, 2].map((index) => required(node, index));
    return [
      {
        dataType: all[1].dataType,
        shape: broadcastShapes(
          node,
          all.map(({ shape }) => shape),
        ),
      },
    ];
  },
  fold(node) {
    const all = [0, 1, 2].map((index) => required(node, index));
    if (all.some(({ elements }) => elements === undefined)) return undefined;
    const shape = broadcastShapes(
      node,
      all.map((value) => value.shape),
    );
    const [condition, left, right] = all.map((value) => repeated(value, shape));
    return condition.map((holds, index) => (holds ? left[index] : right[index]));
  },
  train(graph, node) {
    const [condition, left, right] = [0, 1, 2].map((index) => required(node, index));
    return {
      outputs: [graph.add('Where', [condition, left, right])],
      backward([gradient], [, wantsLeft, wantsRight]) {
        if (gradient === undefined) return [];
        const ofRight = () => graph.add('Where', [condition, graph.constant(0), gradient]);
        return [
          undefined,
          wantsLeft ? sumTo(graph, keepWhere(graph, condition, gradient), left.shape) : undefined,
          wantsRight ? sumTo(graph, ofRight(), right.shape) : undefined,
        ];
      },
    };
  },
};
