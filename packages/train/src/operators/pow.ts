import type { Emitter, GraphValue, Operator } from '../graph/contracts.js';
import { keepWhere, multiply, scale, shift, sumTo } from './emit.js';
import { foldBinary } from './elementwise.js';
import { broadcastShapes, required } from './shapes.js';

/** `x ^ y`. The exponent's gradient is 0 where the base is not positive. */
export const pow: Operator = {
  type: 'Pow',
  infer(node) {
    const [base, exponent] = [required(node, 0), required(node, 1)];
    return [{ dataType: base.dataType, shape: broadcastShapes(node, [base.shape, exponent.shape]) }];
  },
  fold: (node) => foldBinary(node, (base, exponent) => base ** exponent),
  train(graph, node) {
    const [base, exponent] = [required(node, 0), required(node, 1)];
    const output = graph.add('Pow', [base, exponent]);
    return {
      outputs: [output],
      backward([gradient], [wantsBase, wantsExponent]) {
        if (gradient === undefined) return [];
        const ofBase = () => sumTo(graph, multiply(graph, gradient, slope(graph, base, exponent)), base.shape);
        const ofExponent = () => {
          const isPositive = graph.add('Greater', [base, graph.constant(0)]);
          const logarithm = graph.add('Log', [graph.add('Where', [isPositive, base, graph.constant(1)])]);
          const grown = multiply(graph, gradient, multiply(graph, output, logarithm));
          return sumTo(graph, keepWhere(graph, isPositive, grown), exponent.shape);
        };
        return [wantsBase ? ofBase() : undefined, wantsExponent ? ofExponent() : undefined];
      },
    };
  },
};

/** y x^(y - 1) */
function slope(graph: Emitter, base: GraphValue, exponent: GraphValue): GraphValue {
  const known = exponent.elements?.length === 1 ? exponent.elements[0] : undefined;
  if (known === 1) return graph.constant(1);
  if (known === 2) return scale(graph, base, 2);
  if (known !== undefined) return scale(graph, graph.add('Pow', [base, graph.constant(known - 1)]), known);
  return multiply(graph, exponent, graph.add('Pow', [base, shift(graph, exponent, -1)]));
}
