import { add, divide, type GraphBuilder, multiply, slice, subtract, type Value } from '@hearken/onnx';
import { smallest } from '../preprocessing/scale.js';

/** Subtracts each lead's first value from it, `[n, samples]`. */
export function centre(graph: GraphBuilder, leads: Value): Value {
  return subtract(graph, leads, slice(graph, leads, 1, 0, 1));
}

/** Scales each lead to [-1, 1] by its minimum and maximum, `[n, samples]`. */
export function scaleByRange(graph: GraphBuilder, leads: Value): Value {
  const [maximum, minimum] = ['ReduceMax', 'ReduceMin'].map((operator) =>
    graph.node(operator, [leads, graph.integers([1])]),
  );
  const range = add(graph, subtract(graph, maximum, minimum), graph.constant(smallest));
  const share = divide(graph, subtract(graph, leads, minimum), range);
  return subtract(graph, multiply(graph, share, graph.constant(2)), graph.constant(1));
}
