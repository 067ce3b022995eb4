/** The supported element types of a checkpoint's tensors, named as in PyTorch. */
export type CheckpointDataType =
  'float32' | 'float16' | 'bfloat16' | 'float64' | 'int64' | 'int32' | 'int16' | 'int8' | 'uint8' | 'bool';

/** Bytes per element, by type. */
export const itemSizes: Readonly<Record<CheckpointDataType, number>> = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
};

/** Whether a name read from a file is a supported type. */
export function isCheckpointDataType(name: string): name is CheckpointDataType {
  return Object.hasOwn(itemSizes, name);
}

/** The most dimensions that a tensor may have; PyTorch's own limit is 64. */
const MAX_RANK = 64;

/**
 * The number of elements of a tensor of this shape (1 for a scalar), or undefined for an invalid shape: a size that is
 * negative or not an integer, too many dimensions, or more elements than a file could hold.
 */
export function countElements(shape: readonly unknown[]): number | undefined {
  if (shape.length > MAX_RANK) return undefined;
  let count = 1;
  let empty = false;
  for (const size of shape) {
    if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) return undefined;
    // A zero elsewhere makes the tensor empty, but sizes whose product overflows are still invalid.
    if (size === 0) empty = true;
    else count *= size;
    if (!Number.isSafeInteger(count)) return undefined;
  }
  return empty ? 0 : count;
}
