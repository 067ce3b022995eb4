import { type GraphBuilder, multiply, subtract, type Value } from '@hearken/onnx';
import { meanOfAll } from './parts.js';

/**
 * The mean over all elements of `(values - targets)^2`.
 *
 * @returns a scalar
 */
export function meanSquaredError(graph: GraphBuilder, values: Value, targets: Value): Value {
  const difference = subtract(graph, values, targets);
  return meanOfAll(graph, multiply(graph, difference, difference));
}
