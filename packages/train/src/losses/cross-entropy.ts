import { OptionError } from '@hearken/core';
import { type GraphBuilder, multiply, type Value } from '@hearken/onnx';
import { checkCount, checkSetting, logSoftmax, meanOfAll, negated, oneHot, rowSum, scaled, sumOfAll } from './parts.js';

/** Settings of a cross entropy. */
export interface CrossEntropyOptions {
  /** Weights of the classes, `[classes]`. */
  readonly classWeights?: Value;
  /** Share of the target that is spread over all classes equally; default: 0. */
  readonly labelSmoothing?: number;
}

/** Classes as numbers from 0, or as shares of each class. */
export interface ClassTargets {
  /** One class for each row: int64 `[n]`. */
  readonly indices?: Value;
  /** Shares of the classes: `[n, classes]`, used if there are no indices. */
  readonly shares?: Value;
}

/** The classes of mixed examples. */
export interface MixedTargets {
  /** Classes of the examples: int64 `[n]`. */
  readonly indices: Value;
  /** Classes of those that they are mixed with: int64 `[n]`. */
  readonly partners: Value;
  /** The share of the example itself: `[n]`, or a scalar. */
  readonly lambda: Value;
}

/**
 * Cross entropy of the softmax of `logits` `[n, classes]`: the mean over rows of `-sum_c t_c log softmax_c`. With class
 * weights it is `sum_i w l_i / sum_i w`, w that of row i's class, as in PyTorch's `cross_entropy`; of shares, the
 * weighted losses are averaged over rows. With label smoothing s, `(1 - s) l` plus s times the mean over classes of
 * `-log softmax_c` (Szegedy et al. 2016, arXiv 1512.00567, section 7).
 *
 * @returns a scalar
 * @throws OptionError without targets, and for settings out of range
 */
export function crossEntropy(
  graph: GraphBuilder,
  logits: Value,
  classes: number,
  targets: ClassTargets,
  { classWeights, labelSmoothing = 0 }: CrossEntropyOptions = {},
): Value {
  const { indices } = targets;
  checkCount('cross entropy', 'classes', classes);
  const isShare = labelSmoothing >= 0 && labelSmoothing <= 1;
  checkSetting('cross entropy', 'labelSmoothing', labelSmoothing, isShare, 'a share from 0 to 1');
  const plain = indices === undefined ? targets.shares : oneHot(graph, indices, classes);
  if (plain === undefined) {
    const found = 'neither indices nor shares';
    throw new OptionError({ asked: 'targets of the cross entropy', found, fix: 'pass one of them' });
  }
  const smoothed =
    labelSmoothing === 0
      ? plain
      : graph.node('Add', [scaled(graph, plain, 1 - labelSmoothing), graph.constant(labelSmoothing / classes)]);
  const logShares = logSoftmax(graph, logits);
  const weighted = classWeights === undefined ? smoothed : multiply(graph, smoothed, classWeights);
  const losses = negated(graph, rowSum(graph, multiply(graph, logShares, weighted)));
  if (classWeights === undefined || indices === undefined) return meanOfAll(graph, losses);
  const total = sumOfAll(graph, multiply(graph, plain, classWeights));
  return graph.node('Div', [sumOfAll(graph, losses), total]);
}

/**
 * The loss of mixed examples, as in mixup (Zhang et al. 2018, arXiv 1710.09412): the mean over rows of `lambda_i CE_i(y_i)
 * + (1 - lambda_i) CE_i(y'_i)`, computed as one cross entropy with mixed targets.
 *
 * @returns a scalar
 */
export function mixedCrossEntropy(graph: GraphBuilder, logits: Value, classes: number, targets: MixedTargets): Value {
  const shares = mixedShares(graph, classes, targets);
  return crossEntropy(graph, logits, classes, { shares });
}

/** `lambda` at the first class and `1 - lambda` at the second, or 1 if both are the same: `[n, classes]`. */
export function mixedShares(graph: GraphBuilder, classes: number, { indices, partners, lambda }: MixedTargets): Value {
  checkCount('cross entropy', 'classes', classes);
  const share = graph.node('Reshape', [lambda, graph.integers([-1, 1])]);
  const [own, other] = [oneHot(graph, indices, classes), oneHot(graph, partners, classes)];
  const rest = graph.node('Sub', [graph.constant(1), share]);
  return graph.node('Add', [multiply(graph, own, share), multiply(graph, other, rest)]);
}
