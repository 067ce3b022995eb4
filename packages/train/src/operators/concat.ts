import { integerOf, integersOf } from '../graph/attributes.js';
import type { GraphValue, Operator, OperatorNode } from '../graph/contracts.js';
import { expandTo } from './emit.js';
import { checkFits, knownElements, positiveAxis, required } from './shapes.js';

/** Joins tensors along an axis. */
export const concatenation: Operator = {
  type: 'Concat',
  infer(node) {
    const { dataType, shape } = required(node, 0);
    const axis = positiveAxis(node, integerOf(node, 'axis', 0), shape.length);
    const all = node.inputs.map((_, index) => required(node, index).shape);
    const fits = (other: readonly number[]) =>
      other.length === shape.length && other.every((size, at) => at === axis || size === shape[at]);
    checkFits(node, all.every(fits));
    const total = all.reduce((sum, other) => sum + other[axis], 0);
    return [{ dataType, shape: shape.map((size, at) => (at === axis ? total : size)) }];
  },
  fold(node) {
    const all = node.inputs.map((input) => (input?.shape.length === 1 ? input.elements : undefined));
    return all.every((one) => one !== undefined) ? all.flat() : undefined;
  },
  train(graph, node) {
    const all = node.inputs.map((_, index) => required(node, index));
    const axis = positiveAxis(node, integerOf(node, 'axis', 0), all[0].shape.length);
    const output = graph.add('Concat', all, { attributes: node.attributes });
    return {
      outputs: [output],
      backward([gradient]) {
        if (gradient === undefined) return [];
        if (all.length === 1) return [gradient];
        const sizes = graph.integers(all.map(({ shape }) => shape[axis]));
        return graph.addAll('Split', [gradient, sizes], all.length, { attributes: { axis: BigInt(axis) } });
      },
    };
  },
};

/** Cuts a tensor along an axis. */
export const split: Operator = {
  type: 'Split',
  infer(node) {
    const { dataType, shape } = required(node, 0);
    const axis = positiveAxis(node, integerOf(node, 'axis', 0), shape.length);
    const sizes = sizesOf(node, axis);
    checkFits(node, sizes.reduce((sum, size) => sum + size, 0) === shape[axis]);
    return sizes.map((part) => ({ dataType, shape: shape.map((size, at) => (at === axis ? part : size)) }));
  },
  train(graph, node) {
    const axis = positiveAxis(node, integerOf(node, 'axis', 0), required(node, 0).shape.length);
    const outputs = graph.addAll('Split', node.inputs, node.outputCount, { attributes: node.attributes });
    return {
      outputs,
      backward(gradients) {
        const zeros = ({ shape }: GraphValue) => expandTo(graph, graph.constant(0), shape);
        const all = outputs.map((output, index) => gradients[index] ?? zeros(output));
        return [graph.add('Concat', all, { attributes: { axis: BigInt(axis) } })];
      },
    };
  },
};

function sizesOf(node: OperatorNode, axis: number): number[] {
  if (node.inputs[1] !== undefined) return [...knownElements(node, 1, 'sizes')];
  const given = integersOf(node, 'split');
  if (given !== undefined) return given;
  const count = integerOf(node, 'num_outputs', node.outputCount);
  const size = required(node, 0).shape[axis];
  const part = Math.ceil(size / count);
  return Array.from({ length: count }, (_, index) => Math.min(part, size - index * part));
}
