import { crossEntropy } from '../losses/cross-entropy.js';
import type { KindOfTargets } from './target-kind.js';

/** One class of several. */
export const multiclassTargets: KindOfTargets = {
  targets: 'one class for each clip',
  isExclusive: true,
  loss(graph, { logits, targets, outputs, weights }) {
    if (weights === undefined) return crossEntropy(graph, logits, outputs, { shares: targets });
    // Weighted losses are divided by the weights of the batch's classes.
    const indices = graph.node('ArgMax', [targets], { attributes: { axis: 1n, keepdims: 0n } });
    return crossEntropy(graph, logits, outputs, { indices }, { classWeights: weights });
  },
  weights: ({ classWeights }, sums) => classWeights?.(sums),
};
