import { binaryCrossEntropy } from '../losses/binary-cross-entropy.js';
import type { KindOfTargets } from './target-kind.js';

/** Any number of labels. */
export const multilabelTargets: KindOfTargets = {
  targets: 'clips with several labels',
  isExclusive: false,
  loss: (graph, { logits, targets, weights }) => binaryCrossEntropy(graph, logits, targets, weights),
  weights: ({ positiveWeight }, sums, count) =>
    positiveWeight === undefined ? undefined : sums.map((positives) => positiveWeight(positives, count)),
};
