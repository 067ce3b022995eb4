import type { GraphBuilder, Value } from '@hearken/onnx';
import type { Predictions } from '../probe.js';

/**
 * What a probe's outputs are for one prediction type: how logits become answers, and the loss for training. Everything
 * in the probes that depends on the prediction type is behind this interface; `outputs/registry.ts` lists the
 * implementations.
 */
export interface ProbeOutput {
  /** Whether the outputs are classes, each with a probability; otherwise they are numbers in the targets' units. */
  readonly isClassification: boolean;
  /** Whether each row has exactly one class. */
  readonly isExclusive: boolean;

  /** The answers of logits `[rows, outputs]`. */
  predictions(logits: Float32Array, outputs: number): Predictions;
  /**
   * The mean loss of logits, by which heareval selects if a task sets `use_scoring_for_early_stopping` to false.
   *
   * @param logits `[rows, outputs]`
   * @param targets `[rows, outputs]`
   */
  meanLoss(logits: Float32Array, targets: ArrayLike<number>, outputs: number): number;
  /** The same for probabilities, which float32 rounds to 0 and 1: logarithms are bounded as in PyTorch's `BCELoss`. */
  meanLossOfProbabilities(probabilities: Float32Array, targets: Uint8Array, outputs: number): number;

  /** The answers as part of a graph. @param axis of the outputs */
  activation(graph: GraphBuilder, logits: Value, axis: bigint): Value;
  /**
   * Number of terms in the mean loss of a batch, as part of a graph.
   *
   * @param count number of rows, as a float
   */
  lossTerms(graph: GraphBuilder, count: Value, outputs: number): Value;
}

/** PyTorch's bound of logarithms in `BCELoss`. */
export const lowestLogarithm = -100;
