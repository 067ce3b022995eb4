import { integerOf } from '../graph/attributes.js';
import type { Operator, OperatorNode } from '../graph/contracts.js';
import { addAt } from './gather-elements.js';
import { checkFits, knownElements, positiveAxis, required } from './shapes.js';

/**
 * The k largest or smallest elements along an axis, and their indices. The values' gradient goes to the elements that
 * were taken; of equal ones, ONNX takes those with the lowest indices.
 */
export const topK: Operator = {
  type: 'TopK',
  infer(node) {
    const { dataType, shape } = required(node, 0);
    const axis = axisOf(node);
    const [count] = knownElements(node, 1, 'k');
    checkFits(node, count <= shape[axis]);
    const taken = shape.map((size, at) => (at === axis ? count : size));
    return [
      { dataType, shape: taken },
      { dataType: 'int64', shape: taken },
    ];
  },
  train(graph, node) {
    const { shape } = required(node, 0);
    const [values, indices] = graph.addAll('TopK', node.inputs, 2, { attributes: node.attributes });
    return {
      outputs: [values, indices],
      backward: ([gradient]) => [gradient && addAt(graph, gradient, indices, axisOf(node), shape)],
    };
  },
};

function axisOf(node: OperatorNode): number {
  return positiveAxis(node, integerOf(node, 'axis', -1), required(node, 0).shape.length);
}
