import type { GraphBuilder, Value } from './graph-builder.js';
import { reshape } from './layers.js';

/**
 * Puts patches of other examples of a batch into each example (Patch-Mix; Bae et al. 2023, arXiv 2305.14032, section
 * 3.1).
 *
 * @param patches `[n, patches, width]`
 * @param mask 1 for patches that are taken from the partner, else 0: float32 `[patches]`
 * @param partners the place in the batch of each example's partner: int64 `[n]`
 * @returns `[n, patches, width]`
 */
export function mixPatches(graph: GraphBuilder, patches: Value, mask: Value, partners: Value): Value {
  const isMixed = graph.node('Greater', [reshape(graph, mask, [1, -1, 1]), graph.constant(0.5)]);
  const others = graph.node('Gather', [patches, partners], { attributes: { axis: 0n } });
  return graph.node('Where', [isMixed, others, patches]);
}
