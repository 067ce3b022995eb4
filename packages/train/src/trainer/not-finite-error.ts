import { HearkenError } from '@hearken/core';
import type { TensorArena } from '../optimisers/tensor-arena.js';

/** A loss or gradient that is not a finite number: training can't go on. */
export class NotFiniteError extends HearkenError {
  override readonly name = 'NotFiniteError';

  /**
   * @param step updates that were done before, so the index of the step from 0
   * @param loss the loss of that step
   * @param tensor the first parameter that has such an element, in its gradient or its value
   */
  constructor(
    /** Updates that were done before. */
    readonly step: number,
    /** The loss of the step. */
    readonly loss: number,
    /** A parameter whose gradient or value is not finite, if there is one. */
    readonly tensor: string | undefined,
  ) {
    super({
      asked: `step ${step + 1} of the training`,
      found: `loss ${loss}${tensor === undefined ? '' : `, and a gradient that is not finite for '${tensor}'`}`,
      fix: 'lower the learning rate, lengthen the warm-up, or clip gradients; check the data for values that are not numbers',
    });
  }
}

/** The first tensor with an element that is not finite. */
export function findNotFinite({ tensors }: TensorArena): string | undefined {
  for (const [name, { data }] of tensors) if (data.some((value) => !Number.isFinite(value))) return name;
  return undefined;
}
