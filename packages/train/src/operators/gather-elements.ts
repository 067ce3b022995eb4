import { integerOf } from '../graph/attributes.js';
import type { Emitter, GraphValue, Operator } from '../graph/contracts.js';
import { expandTo } from './emit.js';
import { checkFits, positiveAxis, required } from './shapes.js';

/** Picks one element for each index, from the index's own row along the axis. */
export const gatherElements: Operator = {
  type: 'GatherElements',
  infer(node) {
    const [data, indices] = [required(node, 0), required(node, 1)];
    const axis = positiveAxis(node, integerOf(node, 'axis', 0), data.shape.length);
    const isWithin = indices.shape.every((size, at) => at === axis || size <= data.shape[at]);
    checkFits(node, indices.shape.length === data.shape.length && isWithin);
    return [{ dataType: data.dataType, shape: indices.shape }];
  },
  train(graph, node) {
    const [data, indices] = [required(node, 0), required(node, 1)];
    const axis = positiveAxis(node, integerOf(node, 'axis', 0), data.shape.length);
    const output = graph.add('GatherElements', [data, indices], { attributes: node.attributes });
    return {
      outputs: [output],
      backward: ([gradient]) => [gradient && addAt(graph, gradient, indices, axis, data.shape)],
    };
  },
};

/** Zeros of a shape, to which each value is added at its index along the axis. */
export function addAt(
  graph: Emitter,
  values: GraphValue,
  indices: GraphValue,
  axis: number,
  shape: readonly number[],
): GraphValue {
  const zeros = expandTo(graph, graph.constant(0), shape);
  return graph.add('ScatterElements', [zeros, indices, values], {
    attributes: { axis: BigInt(axis), reduction: 'add' },
  });
}
