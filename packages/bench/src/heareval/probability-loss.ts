import type { TaskMetadata } from '@hearken/tasks';

/** PyTorch's bound of a logarithm in `BCELoss`: float32 probabilities reach 0 and 1. */
const lowest = -100;

/**
 * Mean loss of predicted probabilities: cross entropy for one label a row, binary cross entropy over all labels for
 * several.
 *
 * @param probabilities `[rows, outputs]`
 * @param targets `[rows, outputs]`
 */
export function lossOfProbabilities(
  probabilities: Float32Array,
  targets: Uint8Array,
  outputs: number,
  predictionType: TaskMetadata['predictionType'],
): number {
  const multilabel = predictionType === 'multilabel';
  let total = 0;
  for (let index = 0; index < probabilities.length; index += 1) {
    if (targets[index] === 1) total -= Math.max(lowest, Math.log(probabilities[index]));
    else if (multilabel) total -= Math.max(lowest, Math.log1p(-probabilities[index]));
  }
  return total / (multilabel ? probabilities.length : probabilities.length / outputs);
}
