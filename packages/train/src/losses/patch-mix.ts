import { add, type GraphBuilder, multiply, subtract, type Value } from '@hearken/onnx';
import { checkCount, checkSetting, logSoftmax, meanOfAll, negated, oneHot, rowSum, scaled } from './parts.js';
import { cosineSimilarity } from './similarity.js';

/** How a batch was mixed. */
export interface PatchMix {
  /** The place in the batch of each example's partner: int64 `[n]`. */
  readonly partners: Value;
  /** The share of patches that an example kept: a scalar. */
  readonly lambda: Value;
}

/**
 * The contrastive loss of Patch-Mix (Bae et al. 2023, arXiv 2305.14032, equation 4). With s the cosines of all
 * projections and targets over the temperature: the mean over i of `-(lambda log softmax(s_i)_i + (1 - lambda) log
 * softmax(s_i)_j)`, j the partner of i. Both go to the same place where an example is mixed with itself.
 *
 * @param projection of the mixed examples, `[n, width]`
 * @param target features of the examples themselves, `[n, width]`; no gradient passes through a value that comes from
 *   an input of the graph, and authors detach it
 * @param batch n
 * @param temperature that the cosines are divided by; the authors': 0.06
 * @returns a scalar
 * @throws OptionError for a batch or a temperature that isn't positive
 */
export function patchMixContrast(
  graph: GraphBuilder,
  projection: Value,
  target: Value,
  batch: number,
  { partners, lambda }: PatchMix,
  temperature = 0.06,
): Value {
  checkCount('contrastive loss', 'batch', batch);
  const isPositive = temperature > 0 && temperature < Infinity;
  checkSetting('contrastive loss', 'temperature', temperature, isPositive, 'a positive number');
  const similarity = scaled(graph, cosineSimilarity(graph, projection, target, 1e-12), 1 / temperature);
  const logShares = logSoftmax(graph, similarity);
  const places = graph.integers(Array.from({ length: batch }, (_, index) => index));
  const [own, other] = [oneHot(graph, places, batch), oneHot(graph, partners, batch)];
  const rest = subtract(graph, graph.constant(1), lambda);
  const weights = add(graph, multiply(graph, own, lambda), multiply(graph, other, rest));
  return meanOfAll(graph, negated(graph, rowSum(graph, multiply(graph, logShares, weights))));
}
