import { integerOf } from '../graph/attributes.js';
import type { Emitter, GraphValue, Operator } from '../graph/contracts.js';
import { multiply, subtract, sum } from './emit.js';
import { positiveAxis, required, sameAsInput } from './shapes.js';

/** `Softmax` and its logarithm, along one axis. */
export const softmaxOperators: readonly Operator[] = [
  // y (g - sum(g y))
  alongAxis('Softmax', (graph, output, gradient, axis) => {
    const total = sum(graph, multiply(graph, gradient, output), [axis], true);
    return multiply(graph, output, subtract(graph, gradient, total));
  }),
  // g - exp(y) sum(g)
  alongAxis('LogSoftmax', (graph, output, gradient, axis) => {
    const share = multiply(graph, graph.add('Exp', [output]), sum(graph, gradient, [axis], true));
    return subtract(graph, gradient, share);
  }),
];

/** @param slope adds the gradient of the input, from that of the output */
function alongAxis(
  type: string,
  slope: (graph: Emitter, output: GraphValue, gradient: GraphValue, axis: number) => GraphValue,
): Operator {
  return {
    type,
    infer: sameAsInput,
    train(graph, node) {
      const axis = positiveAxis(node, integerOf(node, 'axis', -1), required(node, 0).shape.length);
      const output = graph.add(type, node.inputs, { attributes: node.attributes });
      return {
        outputs: [output],
        backward: ([gradient]) => [gradient && slope(graph, output, gradient, axis)],
      };
    },
  };
}
