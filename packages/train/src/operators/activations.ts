import { floatOf } from '../graph/attributes.js';
import type { Emitter, GraphValue, Operator } from '../graph/contracts.js';
import { add, keepWhere, multiply, scale, shift, square, subtract } from './emit.js';
import { unaryOperator } from './elementwise.js';

/** Activations with formulas of their own; the derivative at a kink is that of the flat side, as in PyTorch. */
export const activationOperators: readonly Operator[] = [
  unaryOperator('Relu', (graph, { output, gradient }) => keepWhere(graph, isAbove(graph, output, 0), gradient)),
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
  // x max(0, min(1, x / 6 + 1 / 2)): x / 3 + 1 / 2 between -3 and 3, 0 at -3 and below, 1 at 3 and above.
  unaryOperator('HardSwish', (graph, { input, gradient }) => {
    const inside = shift(graph, scale(graph, input, 1 / 3), 0.5);
    const below = graph.add('Where', [isAbove(graph, input, -3), inside, graph.constant(0)]);
    const slope = graph.add('Where', [graph.add('Less', [input, graph.constant(3)]), below, graph.constant(1)]);
    return multiply(graph, gradient, slope);
  }),
  // x sigmoid(alpha x)
  unaryOperator('com.microsoft.QuickGelu', (graph, { input, gradient }, node) => {
    const alpha = floatOf(node, 'alpha', 1.702);
    const scaled = scale(graph, input, alpha);
    const share = graph.add('Sigmoid', [scaled]);
    const slope = add(graph, share, multiply(graph, scaled, subtract(graph, share, square(graph, share))));
    return multiply(graph, gradient, slope);
  }),
];

function isAbove(graph: Emitter, value: GraphValue, bound: number): GraphValue {
  return graph.add('Greater', [value, graph.constant(bound)]);
}

function isBetween(graph: Emitter, value: GraphValue, low: number, high: number): GraphValue {
  return graph.add('And', [isAbove(graph, value, low), graph.add('Less', [value, graph.constant(high)])]);
}
