import { integerOf } from '../graph/attributes.js';
import type { Emitter, GraphValue, Operator } from '../graph/contracts.js';
import { sizeOf } from '../graph/tensor-elements.js';
import { expandTo, product, reshape, transpose } from './emit.js';
import { knownElements, positiveAxis, required } from './shapes.js';

/** The largest table of zeros and ones that is multiplied by; beyond it, gradients are added one by one. */
const mostOneHot = 2 ** 22;

/** Picks elements along an axis, by index. */
export const gather: Operator = {
  type: 'Gather',
  infer(node) {
    const [data, indices] = [required(node, 0), required(node, 1)];
    const axis = positiveAxis(node, integerOf(node, 'axis', 0), data.shape.length);
    return [
      {
        dataType: data.dataType,
        shape: [...data.shape.slice(0, axis), ...indices.shape, ...data.shape.slice(axis + 1)],
      },
    ];
  },
  fold(node) {
    const { elements, shape } = required(node, 0);
    const indices = required(node, 1).elements;
    if (elements === undefined || indices === undefined || shape.length !== 1) return undefined;
    return indices.map((index) => elements[index < 0 ? index + shape[0] : index]);
  },
  train(graph, node) {
    const [data, indices] = [required(node, 0), required(node, 1)];
    const axis = positiveAxis(node, integerOf(node, 'axis', 0), data.shape.length);
    const output = graph.add('Gather', [data, indices], { attributes: node.attributes });
    return {
      outputs: [output],
      backward: ([gradient]) => [gradient && scatter(graph, gradient, indices, axis, data.shape)],
    };
  },
};

/** Adds up the gradients of all copies of each element. */
function scatter(
  graph: Emitter,
  gradient: GraphValue,
  indices: GraphValue,
  axis: number,
  shape: readonly number[],
): GraphValue {
  const count = sizeOf(indices.shape);
  const [before, after] = [sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis + 1))];
  const apart = reshape(graph, gradient, [before, count, after]);
  const rows = reshape(graph, transpose(graph, apart, [1, 0, 2]), [count, before * after]);
  const added =
    count * shape[axis] <= mostOneHot
      ? product(graph, oneHot(graph, indices, shape[axis]), rows, { transA: true })
      : addRows(graph, rows, indices, shape[axis]);
  const together = transpose(graph, reshape(graph, added, [shape[axis], before, after]), [1, 0, 2]);
  return reshape(graph, together, shape);
}

/** `[indices, classes]`: 1 where the class is the index, else 0. */
export function oneHot(graph: Emitter, indices: GraphValue, classes: number): GraphValue {
  const flat = reshape(graph, indices, [sizeOf(indices.shape)]);
  return graph.add('OneHot', [flat, graph.integers([classes], []), graph.constant([0, 1])], {
    attributes: { axis: -1n },
  });
}

function addRows(graph: Emitter, rows: GraphValue, indices: GraphValue, count: number): GraphValue {
  const zeros = expandTo(graph, graph.constant(0), [count, rows.shape[1]]);
  const places = expandTo(graph, reshape(graph, indices, [rows.shape[0], 1]), rows.shape);
  return graph.add('ScatterElements', [zeros, places, rows], { attributes: { axis: 0n, reduction: 'add' } });
}

/** `[indices, classes]` with two given values; used by gradients, without one of its own. */
export const oneHotOperator: Operator = {
  type: 'OneHot',
  infer(node) {
    const { shape } = required(node, 0);
    const [depth] = knownElements(node, 1, 'depth');
    const given = integerOf(node, 'axis', -1);
    const axis = given < 0 ? given + shape.length + 1 : given;
    return [{ dataType: required(node, 2).dataType, shape: [...shape.slice(0, axis), depth, ...shape.slice(axis)] }];
  },
};
