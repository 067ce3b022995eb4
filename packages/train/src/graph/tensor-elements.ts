import { dataTypes, type DataType } from '@hearken/onnx';
import { type TensorProto, TensorProto_DataLocation } from '@hearken/onnx/internal';

/** The most elements of a constant that are looked at when a graph is made. */
export const mostElements = 4096;

const namesOfTypes = new Map<number, DataType>(
  Object.entries(dataTypes).map(([name, number]) => [number, name as DataType]),
);

/** The name of an element type; `undefined` for one that no operator with a gradient has. */
export function dataTypeOf(number: number): DataType | undefined {
  return namesOfTypes.get(number);
}

/** The number of elements of a tensor. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

/** The number of elements of several tensors together. */
export function elementCount(tensors: readonly { readonly shape: readonly number[] }[]): number {
  return tensors.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/** The elements of a small constant; `undefined` for one that is large, of another type or in another file. */
export function elementsOf(tensor: TensorProto): readonly number[] | undefined {
  const count = sizeOf(tensor.dims.map(Number));
  if (tensor.dataLocation === TensorProto_DataLocation.EXTERNAL || count > mostElements) return undefined;
  const { rawData } = tensor;
  const bytes = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
  const raw = (size: number, read: (offset: number) => number) =>
    rawData.byteLength < count * size ? [] : Array.from({ length: count }, (_, index) => read(index * size));
  const either = (listed: readonly number[], size: number, read: (offset: number) => number) => {
    const found = listed.length > 0 ? listed : raw(size, read);
    return found.length === count ? found : undefined;
  };
  switch (dataTypeOf(tensor.dataType)) {
    case 'float32':
      return either(tensor.floatData, 4, (offset) => bytes.getFloat32(offset, true));
    case 'float64':
      return either(tensor.doubleData, 8, (offset) => bytes.getFloat64(offset, true));
    case 'int64':
      return either(tensor.int64Data.map(Number), 8, (offset) => Number(bytes.getBigInt64(offset, true)));
    case 'int32':
      return either(tensor.int32Data, 4, (offset) => bytes.getInt32(offset, true));
    case 'bool':
    case 'uint8':
      return either(tensor.int32Data, 1, (offset) => bytes.getUint8(offset));
    default:
      return undefined;
  }
}
