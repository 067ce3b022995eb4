import { textOf } from '../graph/attributes.js';
import type { Emitter, GraphValue, Operator, OperatorNode, TrainingForm } from '../graph/contracts.js';
import { add, multiply, scale, shift, square, subtract, sumTo } from './emit.js';
import { required, sameAsInput } from './shapes.js';

const rootHalf = Math.SQRT1_2;
const rootTwoOverPi = Math.sqrt(2 / Math.PI);
const cubic = 0.044715;

/** An activation in a form whose intermediate values its gradient uses again. */
interface Written {
  readonly output: GraphValue;
  /** Adds what computes the derivative at the input. */
  readonly slope: () => GraphValue;
}

/**
 * GELU (Hendrycks and Gimpel 2016, arXiv 1606.08415), exact and by tanh, with and without a bias that is added first.
 * Written out, because erf and tanh are what costs, and the gradient needs them too.
 */
export const geluOperators: readonly Operator[] = [
  geluOperator('Gelu', (node) => (textOf(node, 'approximate', 'none') === 'tanh' ? byTanh : exact)),
  geluOperator('com.microsoft.Gelu', () => exact),
  geluOperator('com.microsoft.FastGelu', () => byTanh),
  geluOperator('com.microsoft.BiasGelu', () => exact),
];

function geluOperator(
  type: string,
  formOf: (node: OperatorNode) => (graph: Emitter, input: GraphValue) => Written,
): Operator {
  return {
    type,
    infer: sameAsInput,
    train(graph, node): TrainingForm {
      const input = required(node, 0);
      const bias = node.inputs[1];
      const biased = bias === undefined ? input : add(graph, input, bias);
      const { output, slope } = formOf(node)(graph, biased);
      return {
        outputs: [output],
        backward([gradient]) {
          if (gradient === undefined) return [];
          const inner = multiply(graph, gradient, slope());
          return [inner, bias && sumTo(graph, inner, bias.shape)];
        },
      };
    },
  };
}

/** x Phi(x), with slope Phi(x) + x phi(x): Phi and phi are the normal distribution function and its density. */
function exact(graph: Emitter, input: GraphValue): Written {
  const bent = graph.add('Erf', [scale(graph, input, rootHalf)]);
  const share = shift(graph, scale(graph, bent, 0.5), 0.5);
  return {
    output: multiply(graph, input, share),
    slope() {
      const density = graph.add('Exp', [scale(graph, square(graph, input), -0.5)]);
      return add(graph, share, multiply(graph, scale(graph, input, 1 / Math.sqrt(2 * Math.PI)), density));
    },
  };
}

/** x (1 + t) / 2 with t = tanh(c x (1 + a x^2)). */
function byTanh(graph: Emitter, input: GraphValue): Written {
  const squared = square(graph, input);
  const factor = shift(graph, scale(graph, squared, rootTwoOverPi * cubic), rootTwoOverPi);
  const bent = graph.add('Tanh', [multiply(graph, input, factor)]);
  const share = shift(graph, scale(graph, bent, 0.5), 0.5);
  return {
    output: multiply(graph, input, share),
    slope() {
      // (1 - t^2) / 2 = 2 share (1 - share)
      const steep = scale(graph, subtract(graph, share, square(graph, share)), 2);
      const inner = shift(graph, scale(graph, squared, 3 * rootTwoOverPi * cubic), rootTwoOverPi);
      return add(graph, share, multiply(graph, multiply(graph, input, inner), steep));
    },
  };
}
