import type { Operator } from '../graph/contracts.js';
import { divide, multiply, negate, scale, square } from './emit.js';
import { unaryOperator } from './elementwise.js';

/** Elementary functions of one variable. */
export const unaryOperators: readonly Operator[] = [
  unaryOperator(
    'Identity',
    (_, { gradient }) => gradient,
    (value) => value,
  ),
  unaryOperator(
    'Neg',
    (graph, { gradient }) => negate(graph, gradient),
    (value) => -value,
  ),
  unaryOperator('Abs', (graph, { input, gradient }) => multiply(graph, gradient, graph.add('Sign', [input])), Math.abs),
  unaryOperator('Exp', (graph, { output, gradient }) => multiply(graph, gradient, output)),
  unaryOperator('Log', (graph, { input, gradient }) => divide(graph, gradient, input)),
  unaryOperator('Sqrt', (graph, { output, gradient }) => divide(graph, scale(graph, gradient, 0.5), output), Math.sqrt),
  unaryOperator('Reciprocal', (graph, { output, gradient }) =>
    negate(graph, multiply(graph, gradient, square(graph, output))),
  ),
  unaryOperator('Sin', (graph, { input, gradient }) => multiply(graph, gradient, graph.add('Cos', [input]))),
  unaryOperator('Cos', (graph, { input, gradient }) =>
    negate(graph, multiply(graph, gradient, graph.add('Sin', [input]))),
  ),
  // 2 / sqrt(pi) exp(-x^2)
  unaryOperator('Erf', (graph, { input, gradient }) => {
    const bell = graph.add('Exp', [negate(graph, square(graph, input))]);
    return multiply(graph, scale(graph, gradient, 2 / Math.sqrt(Math.PI)), bell);
  }),
];
