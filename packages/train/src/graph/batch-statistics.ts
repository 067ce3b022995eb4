import type { BatchStatistics } from '../differentiate-options.js';
import type { Emitter, GraphValue, Operator, OperatorNode, TrainingForm } from './contracts.js';
import { nodeError, required } from '../operators/shapes.js';
import { sizeOf } from './tensor-elements.js';

/**
 * A batch norm in training mode, with running statistics that are updated as PyTorch does: `(1 - m) old + m new`, m the
 * momentum, where the new variance is the unbiased one. ONNX's operator keeps the population variance, so what it keeps
 * is corrected: with c = n / (n - 1) for n values per channel, `c onnx - (c - 1) (1 - m) old`.
 */
export function withBatchStatistics(
  graph: Emitter,
  operators: ReadonlyMap<string, Operator>,
  node: OperatorNode,
  { momentum }: BatchStatistics,
): { readonly form: TrainingForm; readonly updated: readonly { readonly name: string; readonly value: GraphValue }[] } {
  const train = operators.get(node.type)?.train;
  const [input, oldMean, oldVariance] = [0, 3, 4].map((index) => required(node, index));
  const attributes = { ...node.attributes, training_mode: 1n, momentum: 1 - momentum };
  const form = train?.(graph, { ...node, attributes, outputCount: 3 }, {});
  const [, newMean, variance] = form?.outputs ?? [];
  if (form === undefined || newMean === undefined || variance === undefined) {
    throw nodeError(node, 'an operator without statistics of a batch', 'leave batchStatistics out');
  }
  const count = sizeOf(input.shape) / input.shape[1];
  // Of one value there is no unbiased variance.
  const correction = count > 1 ? count / (count - 1) : 1;
  const scaled = graph.add('Mul', [variance, graph.constant(correction)]);
  const old = graph.add('Mul', [oldVariance, graph.constant((correction - 1) * (1 - momentum))]);
  return {
    form,
    updated: [
      { name: oldMean.name, value: newMean },
      { name: oldVariance.name, value: graph.add('Sub', [scaled, old]) },
    ],
  };
}
