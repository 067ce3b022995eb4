import { integerOf } from '../graph/attributes.js';
import type { Operator } from '../graph/contracts.js';
import { multiply, subtract, sum } from './emit.js';
import { positiveAxis, required, sameAsInput } from './shapes.js';

/** `Softmax` and its logarithm, along one axis. */
export const softmaxOperators: readonly Operator[] = [
  {
    type: 'Softmax',
    infer: sameAsInput,
    // y (g - sum(g y))
    train(graph, node) {
      const axis = positiveAxis(node, integerOf(node, 'axis', -1), required(node, 0).shape.length);
      const output = graph.add('Softmax', node.inputs, { attributes: node.attributes });
      return {
        outputs: [output],
        backward([gradient]) {
          if (gradient === undefined) return [];
          const total = sum(graph, multiply(graph, gradient, output), [axis], true);
          return [multiply(graph, output, subtract(graph, gradient, total))];
        },
      };
    },
  },
  {
    type: 'LogSoftmax',
    infer: sameAsInput,
    // g - exp(y) sum(g)
    train(graph, node) {
      const axis = positiveAxis(node, integerOf(node, 'axis', -1), required(node, 0).shape.length);
      const output = graph.add('LogSoftmax', node.inputs, { attributes: node.attributes });
      return {
        outputs: [output],
        backward([gradient]) {
          if (gradient === undefined) return [];
          const share = multiply(graph, graph.add('Exp', [output]), sum(graph, gradient, [axis], true));
          return [subtract(graph, gradient, share)];
        },
      };
    },
  },
];
