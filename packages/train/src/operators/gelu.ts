import { textOf } from '../graph/attributes.js';
import type { Emitter, GraphValue, Operator, OperatorNode, TrainingForm } from '../graph/contracts.js';
import { add, after, multiply, scale, shift, square, subtract, sumTo, toShare } from './emit.js';
import { required, sameAsInput } from './shapes.js';

const rootHalf = Math.SQRT1_2;
const rootTwoOverPi = Math.sqrt(2 / Math.PI);
const cubic = 0.044715;

/** An activation, and its derivative. */
interface Written {
  readonly output: GraphValue;
  /** Adds what computes the derivative at the input; `gradient` is the output's. */
  readonly slope: (gradient: GraphValue) => GraphValue;
}

/**
 * GELU (Hendrycks and Gimpel 2016, arXiv 1606.08415), exact and by tanh, with and without a bias that is added first.
 * The forward pass has the runtime's operator, which is one pass over the values and keeps only its input. The gradient
 * computes the share again: no more passes than writing everything out and keeping it.
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
          const inner = multiply(graph, slope(gradient), gradient);
          return [inner, bias && sumTo(graph, inner, bias.shape)];
        },
      };
    },
  };
}

/** x Phi(x), with slope Phi(x) + x phi(x): Phi and phi are the normal distribution function and its density. */
function exact(graph: Emitter, input: GraphValue): Written {
  return {
    output: graph.add('Gelu', [input], { attributes: { approximate: 'none' } }),
    slope(gradient) {
      const scaled = multiply(graph, input, after(graph, rootHalf, gradient));
      const share = toShare(graph, graph.add('Erf', [scaled]));
      const density = graph.add('Exp', [scale(graph, square(graph, input), -0.5)]);
      return add(graph, multiply(graph, density, scale(graph, input, 1 / Math.sqrt(2 * Math.PI))), share);
    },
  };
}

/** x (1 + t) / 2 with t = tanh(c x (1 + a x^2)). */
function byTanh(graph: Emitter, input: GraphValue): Written {
  return {
    output: graph.add('Gelu', [input], { attributes: { approximate: 'tanh' } }),
    slope(gradient) {
      const squared = square(graph, input);
      const factor = shift(graph, scale(graph, squared, rootTwoOverPi * cubic), rootTwoOverPi);
      const late = multiply(graph, input, after(graph, 1, gradient));
      const share = toShare(graph, graph.add('Tanh', [multiply(graph, late, factor)]));
      // (1 - t^2) / 2 = 2 share (1 - share)
      const steep = scale(graph, subtract(graph, share, square(graph, share)), 2);
      const inner = shift(graph, scale(graph, squared, 3 * rootTwoOverPi * cubic), rootTwoOverPi);
      return add(graph, share, multiply(graph, multiply(graph, input, inner), steep));
    },
  };
}
