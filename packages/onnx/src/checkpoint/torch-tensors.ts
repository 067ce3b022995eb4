import { CheckpointError } from '@hearken/core';
import type { TensorEntry } from './checkpoint.js';
import { countElements, isCheckpointDataType, itemSizes } from './data-types.js';
import type { PickleStorage, PickleTensor } from './pickle-values.js';
import type { ZipEntry } from './zip-entry.js';

/** Locates tensors in the archive of a PyTorch checkpoint. */
export class TensorLocator {
  readonly #fileName: string;
  readonly #storageEntries: ReadonlyMap<string, ZipEntry>;

  /** @param storageEntries - the archive's entries under `data/`, by storage key. */
  constructor(fileName: string, storageEntries: ReadonlyMap<string, ZipEntry>) {
    this.#fileName = fileName;
    this.#storageEntries = storageEntries;
  }

  /**
   * Where a tensor is, or why it can't be used in place: its type is unknown, or its elements are not contiguous in
   * row-major order.
   *
   * @throws CheckpointError if the tensor extends beyond its storage, or the storage is missing or its size differs
   * from what the file says.
   */
  locate(name: string, tensor: PickleTensor): TensorEntry | string {
    const { storage } = tensor;
    const entry = this.#storageEntry(name, storage);
    const dataType = tensor.dataType ?? storage.dataType;
    if (storage.itemSize === undefined || !isCheckpointDataType(dataType)) {
      return `has type ${dataType}, which cannot be used here`;
    }
    const itemSize = itemSizes[dataType];
    const { offset, shape, strides, count } = this.#checkedView(name, tensor);
    // Doubles are exact for everything that could pass the test below; rounding begins at 2^53, far beyond any file.
    const reach = count === 0 ? 0 : shape.reduce((sum, size, axis) => sum + (size - 1) * strides[axis], 1);
    if ((offset + reach) * itemSize > entry.size) {
      throw this.#refused(
        name,
        `reaches element ${offset + reach}, but its storage '${storage.key}' has ${entry.size / itemSize}`,
      );
    }
    if (count > 0 && !isRowMajor(shape, strides)) {
      return (
        `has strides [${strides.join(',')}] for shape [${shape.join(',')}]: ` +
        'it does not lie in row-major order, and must be saved again after .contiguous()'
      );
    }
    return {
      name,
      dataType,
      shape,
      offset: entry.dataOffset + offset * itemSize,
      byteLength: count * itemSize,
    };
  }

  #storageEntry(name: string, storage: PickleStorage): ZipEntry {
    const entry = this.#storageEntries.get(storage.key);
    if (entry === undefined) throw this.#refused(name, `has its data in '${storage.key}', which is not in the file`);
    if (storage.itemSize !== undefined && storage.elementCount * storage.itemSize !== entry.size) {
      throw this.#refused(
        name,
        `has a storage of ${storage.elementCount} ${storage.dataType}, but '${storage.key}' has ${entry.size} bytes`,
      );
    }
    return entry;
  }

  #checkedView(
    name: string,
    tensor: PickleTensor,
  ): { offset: number; shape: number[]; strides: number[]; count: number } {
    const { offset } = tensor;
    const count = countElements(tensor.shape);
    const strides = tensor.strides.filter(isCount);
    if (count === undefined) throw this.#refused(name, 'has an impossible shape');
    if (strides.length !== tensor.strides.length || strides.length !== tensor.shape.length) {
      throw this.#refused(name, 'has impossible strides');
    }
    if (!isCount(offset)) throw this.#refused(name, 'has an impossible storage offset');
    return { offset, shape: tensor.shape.filter(isCount), strides, count };
  }

  #refused(name: string, found: string): CheckpointError {
    return new CheckpointError({
      asked: this.#fileName,
      found: `tensor '${name}' ${found}`,
      fix: 'the file is damaged or was manipulated: download it again from its authors',
    });
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Whether elements are contiguous, with the last dimension fastest. A dimension of size 1 may have any stride. */
function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    if (shape[axis] === 1) continue;
    if (strides[axis] !== step) return false;
    step *= shape[axis];
  }
  return true;
}
