import { multiply, sigmoid } from '@hearken/onnx';
import { lowestLogarithm, type ProbeOutput } from './probe-output.js';

/** Any number of labels per row: a sigmoid for each, and binary cross entropy averaged over labels. */
export const multilabelOutput: ProbeOutput = {
  isClassification: true,
  isExclusive: false,

  predictions(logits) {
    const probabilities = new Float32Array(logits.length);
    logits.forEach((logit, index) => (probabilities[index] = 1 / (1 + Math.exp(-logit))));
    return { logits, probabilities };
  },
  meanLoss(logits, targets) {
    let total = 0;
    // log(1 + e^z) - y z, computed without overflow.
    for (let index = 0; index < logits.length; index += 1) {
      const logit = logits[index];
      total += Math.max(logit, 0) - logit * targets[index] + Math.log1p(Math.exp(-Math.abs(logit)));
    }
    return total / logits.length;
  },
  meanLossOfProbabilities(probabilities, targets) {
    let total = 0;
    for (let index = 0; index < probabilities.length; index += 1) {
      if (targets[index] === 1) total -= Math.max(lowestLogarithm, Math.log(probabilities[index]));
      else total -= Math.max(lowestLogarithm, Math.log1p(-probabilities[index]));
    }
    return total / probabilities.length;
  },

  activation: (graph, logits) => sigmoid(graph, logits),
  lossTerms: (graph, count, outputs) => multiply(graph, count, graph.constant(outputs)),
};
