import { divide, type GraphBuilder, type Value } from '@hearken/onnx';

/**
 * Vectors divided by their length, which counts as `epsilon` if it is less: PyTorch's `normalize`.
 *
 * @param axis the axis along which the vectors lie
 */
export function unitLength(graph: GraphBuilder, vectors: Value, epsilon: number, axis = -1): Value {
  const lengths = graph.node('ReduceL2', [vectors, graph.integers([axis])], { attributes: { keepdims: 1n } });
  return divide(graph, vectors, graph.node('Max', [lengths, graph.constant(epsilon)]));
}

/**
 * The cosine of the angle between each of `vectors` `[n, width]` and each of `labels` `[labels, width]`.
 *
 * @param epsilon the least length of a vector
 * @returns `[n, labels]`
 */
export function cosineSimilarity(graph: GraphBuilder, vectors: Value, labels: Value, epsilon = 1e-8): Value {
  const [one, other] = [vectors, labels].map((value) => unitLength(graph, value, epsilon));
  return graph.node('Gemm', [one, other], { attributes: { transB: 1n } });
}
