import type { ProbeContext, Predictions } from '../probe.js';

/** Probabilities of logits `[rows, outputs]`: softmax (multiclass) or each label's own (multilabel). */
export function predictionsOf(
  logits: Float32Array,
  outputs: number,
  predictionType: ProbeContext['predictionType'],
): Predictions {
  const probabilities = new Float32Array(logits.length);
  if (predictionType === 'multilabel') {
    logits.forEach((logit, index) => (probabilities[index] = 1 / (1 + Math.exp(-logit))));
    return { logits, probabilities };
  }
  for (let offset = 0; offset < logits.length; offset += outputs) {
    let largest = -Infinity;
    for (let label = 0; label < outputs; label += 1) largest = Math.max(largest, logits[offset + label]);
    let total = 0;
    for (let label = 0; label < outputs; label += 1) total += Math.exp(logits[offset + label] - largest);
    for (let label = 0; label < outputs; label += 1) {
      probabilities[offset + label] = Math.exp(logits[offset + label] - largest) / total;
    }
  }
  return { logits, probabilities };
}
