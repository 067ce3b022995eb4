import { integerOf, integersOf } from '../graph/attributes.js';
import type { Operator, OperatorNode } from '../graph/contracts.js';
import { reshape, sum, sumTo, transpose } from './emit.js';
import { sizeOf } from '../graph/tensor-elements.js';
import { broadcastShapes, checkFits, knownElements, nodeError, positiveAxis, required } from './shapes.js';

/** Operators that only give the same elements another shape. */
export const reshapeOperators: readonly Operator[] = [
  sameElements('Reshape', (node) => {
    const { shape } = required(node, 0);
    const asked = knownElements(node, 1, 'shape');
    const keepsZeros = integerOf(node, 'allowzero', 0) !== 0;
    const sizes = asked.map((size, axis) => (size === 0 && !keepsZeros ? (shape[axis] ?? 0) : size));
    const rest = sizeOf(sizes.filter((size) => size !== -1));
    const found = sizes.map((size) => (size === -1 ? sizeOf(shape) / rest : size));
    if (sizeOf(found) === sizeOf(shape) && found.every(Number.isInteger)) return found;
    throw nodeError(
      node,
      `[${shape.join(',')}] as [${asked.join(',')}]`,
      'correct the model, or the sizes given in dimensions',
    );
  }),
  sameElements('Flatten', (node) => {
    const { shape } = required(node, 0);
    const axis = integerOf(node, 'axis', 1);
    const split = axis < 0 ? axis + shape.length : axis;
    return [sizeOf(shape.slice(0, split)), sizeOf(shape.slice(split))];
  }),
  sameElements('Squeeze', (node) => {
    const { shape } = required(node, 0);
    const axes =
      node.inputs[1] === undefined
        ? shape.flatMap((size, axis) => (size === 1 ? [axis] : []))
        : knownElements(node, 1, 'axes').map((axis) => positiveAxis(node, axis, shape.length));
    checkFits(
      node,
      axes.every((axis) => shape[axis] === 1),
    );
    return shape.filter((_, axis) => !axes.includes(axis));
  }),
  sameElements('Unsqueeze', (node) => {
    const { shape } = required(node, 0);
    const given = knownElements(node, 1, 'axes');
    const rank = shape.length + given.length;
    const axes = given.map((axis) => positiveAxis(node, axis, rank));
    const rest = [...shape];
    return Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? 1 : (rest.shift() ?? 1)));
  }),
];

function sameElements(type: string, shapeOf: (node: OperatorNode) => number[]): Operator {
  return {
    type,
    infer: (node) => [{ dataType: required(node, 0).dataType, shape: shapeOf(node) }],
    fold: (node) => node.inputs[0]?.elements,
    train(graph, node) {
      const output = graph.add(type, node.inputs, { attributes: node.attributes });
      const { shape } = required(node, 0);
      return { outputs: [output], backward: ([gradient]) => [gradient && reshape(graph, gradient, shape)] };
    },
  };
}

/** Permutes the axes. */
export const transposition: Operator = {
  type: 'Transpose',
  infer(node) {
    const { dataType, shape } = required(node, 0);
    return [{ dataType, shape: permutationOf(node).map((axis) => shape[axis]) }];
  },
  train(graph, node) {
    const permutation = permutationOf(node);
    const output = graph.add('Transpose', node.inputs, { attributes: node.attributes });
    const back = permutation.map((_, axis) => permutation.indexOf(axis));
    return { outputs: [output], backward: ([gradient]) => [gradient && transpose(graph, gradient, back)] };
  },
};

function permutationOf(node: OperatorNode): number[] {
  const rank = required(node, 0).shape.length;
  const permutation = integersOf(node, 'perm') ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
  checkFits(node, permutation.length === rank && new Set(permutation).size === rank);
  return permutation.map((axis) => positiveAxis(node, axis, rank));
}

/** Repeats axes of size 1. */
export const expansion: Operator = {
  type: 'Expand',
  infer(node) {
    const { dataType, shape } = required(node, 0);
    return [{ dataType, shape: broadcastShapes(node, [shape, knownElements(node, 1, 'shape')]) }];
  },
  train(graph, node) {
    const { shape } = required(node, 0);
    const output = graph.add('Expand', node.inputs);
    return { outputs: [output], backward: ([gradient]) => [gradient && sumTo(graph, gradient, shape)] };
  },
};

/** Repeats whole axes, one after the other. */
export const tile: Operator = {
  type: 'Tile',
  infer(node) {
    const { dataType, shape } = required(node, 0);
    const times = knownElements(node, 1, 'repeats');
    checkFits(node, times.length === shape.length);
    return [{ dataType, shape: shape.map((size, axis) => size * times[axis]) }];
  },
  train(graph, node) {
    const { shape } = required(node, 0);
    const times = knownElements(node, 1, 'repeats');
    const output = graph.add('Tile', node.inputs);
    return {
      outputs: [output],
      backward([gradient]) {
        if (gradient === undefined) return [];
        const apart = reshape(
          graph,
          gradient,
          shape.flatMap((size, axis) => [times[axis], size]),
        );
        return [
          sum(
            graph,
            apart,
            shape.map((_, axis) => 2 * axis),
          ),
        ];
      },
    };
  },
};
