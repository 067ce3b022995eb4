import type { Tensor } from '@hearken/onnx';

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

  /** @throws RangeError if there is not so much memory */
  constructor(
    /** Names and sizes, in the order in which the tensors lie. */
    readonly specs: readonly TensorSpec[],
  ) {
    const starts: number[] = [];
    let length = 0;
    for (const { shape } of specs) {
      starts.push(length);
      length += Math.ceil(sizeOf(shape) / alignment) * alignment;
    }
    this.data = new Float32Array(length);
    this.tensors = new Map(
      specs.map(({ name, shape }, index) => {
        const data = this.data.subarray(starts[index], starts[index] + sizeOf(shape));
        return [name, { data, shape }];
      }),
    );
  }

  /** First element, and the one after the last, of a tensor and the space behind it. */
  rangeOf(index: number): readonly [start: number, end: number] {
    const start = this.tensor(index).data.byteOffset / Float32Array.BYTES_PER_ELEMENT;
    const next = index + 1 === this.specs.length ? this.data.length : this.rangeOf(index + 1)[0];
    return [start, next];
  }

  /** Views by name, for a session. */
  record(): Record<string, ArenaTensor> {
    return Object.fromEntries(this.tensors);
  }

  /** The tensor of a specification. */
  tensor(index: number): ArenaTensor {
    return this.tensors.get(this.specs[index].name)!;
  }
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
