import { PickleFault } from './pickle-cursor.js';
import type { CheckpointDataType } from './data-types.js';
import { isKind, type PickleStorage, type PickleValue } from './pickle-values.js';

/** PyTorch's storage classes: element type and bytes per element. */
const storageTypes: ReadonlyMap<string, readonly [dataType: string, itemSize: number]> = new Map([
  ['torch.DoubleStorage', ['float64', 8]],
  ['torch.FloatStorage', ['float32', 4]],
  ['torch.HalfStorage', ['float16', 2]],
  ['torch.BFloat16Storage', ['bfloat16', 2]],
  ['torch.LongStorage', ['int64', 8]],
  ['torch.IntStorage', ['int32', 4]],
  ['torch.ShortStorage', ['int16', 2]],
  ['torch.CharStorage', ['int8', 1]],
  ['torch.ByteStorage', ['uint8', 1]],
  ['torch.BoolStorage', ['bool', 1]],
  ['torch.ComplexFloatStorage', ['complex64', 8]],
  ['torch.ComplexDoubleStorage', ['complex128', 16]],
  ['torch.QInt8Storage', ['qint8', 1]],
  ['torch.QUInt8Storage', ['quint8', 1]],
  ['torch.QInt32Storage', ['qint32', 4]],
  ['torch.UntypedStorage', ['untyped', 1]],
  ['torch.storage.UntypedStorage', ['untyped', 1]],
]);

/** The storage class of each type that a checkpoint's tensors may have. */
export const storageClasses = Object.fromEntries(
  [...storageTypes].map(([name, [dataType]]) => [dataType, name]),
) as Readonly<Record<CheckpointDataType, string>>;

/** The largest storage: 2^50 elements are more than any disk holds, and a double still counts their bytes exactly. */
const MAX_ELEMENTS = 2 ** 49;

/**
 * Reads what `torch.save` writes instead of a storage, the tuple `('storage', type, key, location, element count)`.
 *
 * @throws PickleFault for anything else.
 */
export function readStorage(id: PickleValue): PickleStorage {
  const [tag, type, key, , elementCount] = Array.isArray(id) ? id : [];
  if (tag !== 'storage' || !isKind(type, 'global') || typeof key !== 'string') {
    throw new PickleFault('a persistent id is not a PyTorch storage');
  }
  const count = typeof elementCount === 'number' && Number.isInteger(elementCount) ? elementCount : -1;
  if (count < 0 || count > MAX_ELEMENTS) throw new PickleFault('a storage has an impossible number of elements');
  const name = `${type.module}.${type.name}`;
  const [dataType, itemSize] = storageTypes.get(name) ?? [name, undefined];
  return { kind: 'storage', type: name, dataType, itemSize, key, elementCount: count };
}
