import { CheckpointError } from '@hearken/core';
import { type CheckpointDataType, countElements, itemSizes } from '../data-types.js';
import type { PickleStorage, PickleTensor, StorageContents } from '../pickle-values.js';
import { storageClasses } from '../torch-storage-types.js';

/** A tensor that is written to a file. */
export interface TensorContents {
  /** The type of its elements in the file. */
  readonly dataType: CheckpointDataType;
  /** The sizes of the dimensions; empty for a scalar. */
  readonly shape: readonly number[];
  /** Its elements, row-major and little-endian, or how to read them when they are written. */
  readonly bytes: Uint8Array | (() => Promise<Uint8Array>);
}

/** Values of a tensor in memory, row-major: float32, or whole numbers of 64 bits. */
export interface TensorValues {
  /** The values. */
  readonly data: Float32Array | BigInt64Array;
  /** The sizes of the dimensions; empty for a scalar. */
  readonly shape: readonly number[];
}

/**
 * A tensor in memory as it is written: float32 or int64, little-endian.
 *
 * @throws CheckpointError if its shape has another number of elements than its values
 */
export function tensorContents(name: string, { data, shape }: TensorValues): TensorContents {
  if (countElements(shape) !== data.length) {
    throw new CheckpointError({
      asked: `to write tensor '${name}' of shape [${shape.join(',')}]`,
      found: `${data.length} values`,
      fix: 'give it the shape of its values',
    });
  }
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { dataType: data instanceof Float32Array ? 'float32' : 'int64', shape, bytes };
}

/** The size of a tensor in bytes. */
export function sizeInBytes({ dataType, shape }: Pick<TensorContents, 'dataType' | 'shape'>): number {
  return (countElements(shape) ?? NaN) * itemSizes[dataType];
}

/**
 * The bytes of a tensor or storage, if they are as many as announced.
 *
 * @throws CheckpointError if they are not
 */
export async function checkedBytes(
  name: string,
  bytes: TensorContents['bytes'],
  byteLength: number,
): Promise<Uint8Array> {
  const read = typeof bytes === 'function' ? await bytes() : bytes;
  if (read.length === byteLength) return read;
  throw new CheckpointError({
    asked: `to write '${name}' of ${byteLength} bytes`,
    found: `${read.length} bytes`,
    fix: 'give the tensor the shape and type of its bytes',
  });
}

/** A tensor with a storage of its own, for `writeTorchCheckpoint`. */
export function torchTensor({ dataType, shape, bytes }: TensorContents): PickleTensor {
  const byteLength = sizeInBytes({ dataType, shape });
  const contents: StorageContents = { byteLength, read: () => checkedBytes('a storage', bytes, byteLength) };
  const storage: PickleStorage = {
    kind: 'storage',
    type: storageClasses[dataType],
    dataType,
    itemSize: itemSizes[dataType],
    key: '',
    elementCount: byteLength / itemSizes[dataType],
    contents,
  };
  return { kind: 'tensor', storage, offset: 0, shape: [...shape], strides: rowMajorStrides(shape) };
}

function rowMajorStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    strides[axis] = step;
    // As PyTorch counts them: an empty dimension does not make the outer strides 0.
    step *= Math.max(1, shape[axis]);
  }
  return strides;
}
