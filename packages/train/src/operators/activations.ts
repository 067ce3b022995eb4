import { floatOf } from '../graph/attributes.js';
import type { Emitter, GraphValue, Operator, TrainingForm } from '../graph/contracts.js';
import { add, keepWhere, multiply, scale, shift, square, stepAbove, subtract } from './emit.js';
import { unaryOperator } from './elementwise.js';
import { required, sameAsInput } from './shapes.js';

/** Activations with formulas of their own; the derivative at a kink is that of the flat side, as in PyTorch. */
export const activationOperators: readonly Operator[] = [
  unaryOperator('Relu', (graph, { output, gradient }) => multiply(graph, gradient, stepAbove(graph, output, 0))),
  unaryOperator('LeakyRelu', (graph, { input, gradient }, node) => {
    const flat = scale(graph, gradient, floatOf(node, 'alpha', 0.01));
    return graph.add('Where', [isAbove(graph, input, 0), gradient, flat]);
  }),
  unaryOperator('Elu', (graph, { input, output, gradient }, node) => {
    const below = multiply(graph, gradient, shift(graph, output, floatOf(node, 'alpha', 1)));
    return graph.add('Where', [isAbove(graph, input, 0), gradient, below]);
  }),
  // s (1 - s)
  unaryOperator('Sigmoid', (graph, { output, gradient }) =>
    multiply(graph, gradient, subtract(graph, output, square(graph, output))),
  ),
  unaryOperator('Tanh', (graph, { output, gradient }) =>
    subtract(graph, gradient, multiply(graph, gradient, square(graph, output))),
  ),
  unaryOperator('Softplus', (graph, { input, gradient }) => multiply(graph, gradient, graph.add('Sigmoid', [input]))),
  // max(0, min(1, alpha x + beta))
  unaryOperator('HardSigmoid', (graph, { output, gradient }, node) => {
    const slope = scale(graph, gradient, floatOf(node, 'alpha', 0.2));
    return keepWhere(graph, isBetween(graph, output, 0, 1), slope);
  }),
  { type: 'HardSwish', infer: sameAsInput, train: (graph, node) => hardSwish(graph, required(node, 0)) },
  // x sigmoid(alpha x)
  unaryOperator('com.microsoft.QuickGelu', (graph, { input, gradient }, node) => {
    const alpha = floatOf(node, 'alpha', 1.702);
    const scaled = scale(graph, input, alpha);
    const share = graph.add('Sigmoid', [scaled]);
    const slope = add(graph, share, multiply(graph, scaled, subtract(graph, share, square(graph, share))));
    return multiply(graph, gradient, slope);
  }),
];

/**
 * x s with s = max(0, min(1, x / 6 + 1 / 2)); the slope is s + x / 6 between -3 and 3, and s elsewhere. Between them is
 * where 9 - x^2 is above 0.
 */
function hardSwish(graph: Emitter, input: GraphValue): TrainingForm {
  const share = graph.add('HardSigmoid', [input], { attributes: { alpha: 1 / 6, beta: 0.5 } });
  return {
    outputs: [multiply(graph, input, share)],
    backward([gradient]) {
      if (gradient === undefined) return [];
      const isBent = stepAbove(graph, square(graph, input), -9, -1);
      const slope = add(graph, share, scale(graph, multiply(graph, isBent, input), 1 / 6));
      return [multiply(graph, slope, gradient)];
    },
  };
}

function isAbove(graph: Emitter, value: GraphValue, bound: number): GraphValue {
  return graph.add('Greater', [value, graph.constant(bound)]);
}

function isBetween(graph: Emitter, value: GraphValue, low: number, high: number): GraphValue {
  return graph.add('And', [isAbove(graph, value, low), graph.add('Less', [value, graph.constant(high)])]);
}
