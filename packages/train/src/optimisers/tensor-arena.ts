import type { Tensor } from '@hearken/onnx';
import { sizeOf } from '../graph/tensor-elements.js';

/** A float32 tensor in an arena. */
export interface ArenaTensor extends Tensor {
  /** A view into the arena's memory. */
  readonly data: Float32Array;
}

/** Name and sizes of a tensor. */
export interface TensorSpec {
  /** Unique within an arena. */
  readonly name: string;
  /** Sizes of its dimensions; its elements are float32. */
  readonly shape: readonly number[];
}

/** Elements in a cache line: tensors begin on multiples of it. */
const alignment = 16;

/**
 * Tensors side by side in one piece of memory. A session reads and writes each as a tensor of its own; an optimiser goes
 * over all of them in pieces that ignore where one tensor ends. What is between two tensors is zero.
 */
export class TensorArena {
  /** All elements. */
  readonly data: Float32Array;
  /** Views by name, in the given order. */
  readonly tensors: ReadonlyMap<string, ArenaTensor>;
  /** First element of each tensor, and the number of all at the end. */
  readonly #starts: number[];

  /** @throws RangeError if there is not so much memory */
  constructor(
    /** Names and sizes, in the order in which the tensors lie. */
    readonly specs: readonly TensorSpec[],
  ) {
    this.#starts = [0];
    for (const [index, { shape }] of specs.entries()) {
      this.#starts.push(this.#starts[index] + Math.ceil(sizeOf(shape) / alignment) * alignment);
    }
    this.data = new Float32Array(this.#starts[specs.length]);
    this.tensors = new Map(
      specs.map(({ name, shape }, index) => {
        const data = this.data.subarray(this.#starts[index], this.#starts[index] + sizeOf(shape));
        return [name, { data, shape }];
      }),
    );
  }

  /** First element, and the one after the last, of a tensor and the space behind it. */
  rangeOf(index: number): readonly [start: number, end: number] {
    return [this.#starts[index], this.#starts[index + 1]];
  }

  /** Views by name, for a session. */
  record(): Record<string, ArenaTensor> {
    return Object.fromEntries(this.tensors);
  }
}
