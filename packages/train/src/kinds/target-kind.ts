import type { TrainingRecipe } from '@hearken/core';
import type { GraphBuilder, Value } from '@hearken/onnx';

/** A loss of logits. */
export interface KindLoss {
  /** `[n, outputs]` */
  readonly logits: Value;
  /** `[n, outputs]`: 0 or 1 for each label or shares of them, or numbers. */
  readonly targets: Value;
  /** Number of labels or numbers. */
  readonly outputs: number;
  /** `[outputs]`: weights of the recipe; absent: all count alike. */
  readonly weights?: Value;
}

/** What differs between what models learn. */
export interface KindOfTargets {
  /** What the targets are, for errors. */
  readonly targets: string;
  /** Whether examples have exactly one class, as a loss that contrasts examples needs. */
  readonly isExclusive: boolean;
  /** The loss, a scalar. */
  loss(graph: GraphBuilder, parts: KindLoss): Value;
  /**
   * Weights of the loss that the recipe asks for; undefined for none.
   *
   * @param sums of the training targets, for each output
   * @param count of training examples
   */
  weights?(recipe: TrainingRecipe, sums: readonly number[], count: number): readonly number[] | undefined;
}
