import { lowestLogarithm, type ProbeOutput } from './probe-output.js';

/** One class per row: softmax and cross entropy. */
export const multiclassOutput: ProbeOutput = {
  isClassification: true,
  isExclusive: true,

  predictions(logits, outputs) {
    const probabilities = new Float32Array(logits.length);
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
  },
  meanLoss(logits, targets, outputs) {
    let total = 0;
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
  },
  meanLossOfProbabilities(probabilities, targets, outputs) {
    let total = 0;
    for (let index = 0; index < probabilities.length; index += 1) {
      if (targets[index] === 1) total -= Math.max(lowestLogarithm, Math.log(probabilities[index]));
    }
    return total / (probabilities.length / outputs);
  },

  activation: (graph, logits, axis) => graph.node('Softmax', [logits], { attributes: { axis } }),
  lossTerms: (_, count) => count,
};
