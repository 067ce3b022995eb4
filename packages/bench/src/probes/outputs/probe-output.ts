import type { GraphBuilder, Value } from '@hearken/onnx';
import type { Predictions } from '../probe.js';

/**
 * What a probe's outputs are for one prediction type: how logits become answers, and by which loss they are trained.
 * Everything in the probes that differs between prediction types is behind this interface; `outputs/registry.ts` lists
 * them.
 */
export interface ProbeOutput {
  /** Whether the outputs are classes, each with a probability; else they are numbers in the targets' units. */
  readonly isClassification: boolean;
  /** Whether each row has exactly one class. */
  readonly isExclusive: boolean;

  /** The answers of logits `[rows, outputs]`. */
  predictions(logits: Float32Array, outputs: number): Predictions;
  /**
   * The mean loss of logits, which heareval selects by where a task sets `use_scoring_for_early_stopping` to false.
   *
   * @param logits `[rows, outputs]`
   * @param targets `[rows, outputs]`
   */
  meanLoss(logits: Float32Array, targets: ArrayLike<number>, outputs: number): number;
  /** The same of probabilities, which float32 rounds to 0 and 1: logarithms are bounded as PyTorch's `BCELoss` does. */
  meanLossOfProbabilities(probabilities: Float32Array, targets: Uint8Array, outputs: number): number;

  /** The answers as a part of a graph. @param axis of the outputs */
  activation(graph: GraphBuilder, logits: Value, axis: bigint): Value;
  /**
   * How many terms the mean loss of a batch has, as a part of a graph.
   *
   * @param count rows, as a float
   */
  lossTerms(graph: GraphBuilder, count: Value, outputs: number): Value;
}

/** PyTorch's bound of a logarithm in `BCELoss`. */
export const lowestLogarithm = -100;
