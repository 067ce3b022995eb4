import type { TaskMetadata } from '@hearken/tasks';

/**
 * Mean validation loss, what heareval selects by where a task sets `use_scoring_for_early_stopping` to false:
 * cross entropy for one label a row, binary cross entropy over all labels for several.
 *
 * @param logits `[count, outputs]`
 * @param targets `[count, outputs]`
 */
export function meanLoss(
  logits: Float32Array,
  targets: Uint8Array,
  outputs: number,
  predictionType: TaskMetadata['predictionType'],
): number {
  let total = 0;
  if (predictionType === 'multilabel') {
    // log(1 + e^z) - y z, written so that e never overflows.
    for (let index = 0; index < logits.length; index += 1) {
      const logit = logits[index];
      total += Math.max(logit, 0) - logit * targets[index] + Math.log1p(Math.exp(-Math.abs(logit)));
    }
    return total / logits.length;
  }
  for (let row = 0; row < logits.length; row += outputs) {
    let largest = -Infinity;
    for (let label = 0; label < outputs; label += 1) largest = Math.max(largest, logits[row + label]);
    let sum = 0;
    let right = 0;
    for (let label = 0; label < outputs; label += 1) {
      sum += Math.exp(logits[row + label] - largest);
      if (targets[row + label] === 1) right = logits[row + label];
    }
    total += largest + Math.log(sum) - right;
  }
  return total / (logits.length / outputs);
}
