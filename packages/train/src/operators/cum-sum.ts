import { integerOf } from '../graph/attributes.js';
import type { Operator } from '../graph/contracts.js';
import { required, sameAsInput } from './shapes.js';

/** Running sums along an axis; each element's gradient is the sum of those of the sums that it is in. */
export const cumSum: Operator = {
  type: 'CumSum',
  infer: sameAsInput,
  train(graph, node) {
    const output = graph.add('CumSum', node.inputs, { attributes: node.attributes });
    const opposite = { ...node.attributes, reverse: integerOf(node, 'reverse', 0) === 0 ? 1n : 0n };
    return {
      outputs: [output],
      backward: ([gradient]) => [
        gradient && graph.add('CumSum', [gradient, required(node, 1)], { attributes: opposite }),
      ],
    };
  },
};
