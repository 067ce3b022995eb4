import { multiply } from '@hearken/onnx';
import type { ProbeOutput } from './probe-output.js';

/** Numbers: the outputs themselves, with the squared error averaged over targets. */
export const regressionOutput: ProbeOutput = {
  isClassification: false,
  isExclusive: false,

  predictions: (logits) => ({ logits, probabilities: logits }),
  meanLoss(logits, targets) {
    let total = 0;
    for (let index = 0; index < logits.length; index += 1) total += (logits[index] - targets[index]) ** 2;
    return total / logits.length;
  },
  meanLossOfProbabilities() {
    throw new TypeError('numbers are not probabilities');
  },

  activation: (graph, logits) => graph.node('Identity', [logits]),
  // The gradient of a square is twice the difference.
  lossTerms: (graph, count, outputs) => multiply(graph, count, graph.constant(outputs / 2)),
};
