import { add, type GraphBuilder, multiply, subtract, type Value } from '@hearken/onnx';
import { meanOfAll, negated } from './parts.js';

/**
 * Binary cross entropy of the sigmoid of `logits`: the mean over all elements of `p y softplus(-z) + (1 - y)
 * softplus(z)`, as in PyTorch's `binary_cross_entropy_with_logits`. No logit overflows: softplus(z) is max(z, 0) + log(1 +
 * exp(-|z|)).
 *
 * @param logits `[n, labels]`
 * @param targets of the same shape, from 0 to 1
 * @param positiveWeight p, `[labels]`; default: 1
 * @returns a scalar
 */
export function binaryCrossEntropy(graph: GraphBuilder, logits: Value, targets: Value, positiveWeight?: Value): Value {
  const positive = positiveWeight === undefined ? targets : multiply(graph, targets, positiveWeight);
  const negative = subtract(graph, graph.constant(1), targets);
  const ofPositive = multiply(graph, positive, softplus(graph, negated(graph, logits)));
  return meanOfAll(graph, add(graph, ofPositive, multiply(graph, negative, softplus(graph, logits))));
}

function softplus(graph: GraphBuilder, value: Value): Value {
  return graph.node('Softplus', [value]);
}
