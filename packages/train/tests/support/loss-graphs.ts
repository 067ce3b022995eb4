import { mixPatches } from '@hearken/onnx';
import {
  binaryCrossEntropy,
  cosineSimilarity,
  crossEntropy,
  meanSquaredError,
  patchMixContrast,
  unitLength,
} from '../../src/index.js';
import { numberOf, numbersOf, type OperatorGraph } from './operator-case.js';

/** The losses of the fixtures, and what belongs to them. */
export const lossGraphs: Readonly<Record<string, OperatorGraph>> = {
  l2Normalize: (graph, { x }, one) => unitLength(graph, x, numberOf(one, 'epsilon'), numberOf(one, 'axis')),
  cosineSimilarity: (graph, { x, labels }, one) => cosineSimilarity(graph, x, labels, numberOf(one, 'epsilon')),
  crossEntropy(graph, { logits, targets, classWeights }, one) {
    const { targets: indices, labelSmoothing } = one.attributes as { targets?: number[]; labelSmoothing?: number };
    const given = indices === undefined ? { shares: targets } : { indices: graph.integers(indices) };
    return crossEntropy(graph, logits, one.inputs.logits[1], given, {
      ...(classWeights === undefined ? {} : { classWeights }),
      ...(labelSmoothing === undefined ? {} : { labelSmoothing }),
    });
  },
  bceWithLogits: (graph, { logits, targets, posWeight }) => binaryCrossEntropy(graph, logits, targets, posWeight),
  meanSquaredError: (graph, { x, targets }) => meanSquaredError(graph, x, targets),
  patchMixContrast(graph, { projection, target }, one) {
    const partners = graph.integers(numbersOf(one, 'index'));
    const lambda = graph.constant(numberOf(one, 'lam'));
    const [batch] = one.inputs.projection;
    return patchMixContrast(graph, projection, target, batch, { partners, lambda }, numberOf(one, 'temperature'));
  },
  patchMix(graph, { x }, one) {
    const taken = numbersOf(one, 'patches');
    const mask = Array.from({ length: one.inputs.x[1] }, (_, patch) => (taken.includes(patch) ? 1 : 0));
    return mixPatches(graph, x, graph.constant(mask), graph.integers(numbersOf(one, 'index')));
  },
};
