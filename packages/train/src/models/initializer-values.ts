import { CheckpointError } from '@hearken/core';
import { bufferSource, type ByteSource, readFloat32, type TensorEntry } from '@hearken/onnx';
import { type TensorProto, TensorProto_DataLocation } from '@hearken/onnx/internal';
import { dataTypeOf, sizeOf } from '../graph/tensor-elements.js';

/** Opens the file of external tensors that a model names; the caller closes it. */
export type OpenExternal = (location: string) => Promise<ByteSource>;

const itemSizes: Readonly<Record<string, number>> = { float64: 8, float32: 4, float16: 2, bfloat16: 2 };

/** Where an external tensor says that its bytes are. */
export interface ExternalPlace {
  readonly location: string;
  readonly offset: number;
  /** Absent: as many as its shape and type make. */
  readonly length?: number;
}

/**
 * The values of a floating-point initializer, in the model or in another file.
 *
 * @param model its name, for errors
 * @throws CheckpointError for bytes that are not as many as the shape and type make, or that are not in the file: before
 *   memory is taken
 */
export async function initializerValues(
  tensor: TensorProto,
  model: string,
  openExternal: OpenExternal,
): Promise<Float32Array> {
  const shape = tensor.dims.map(Number);
  const dataType = dataTypeOf(tensor.dataType) ?? '';
  const byteLength = sizeOf(shape) * (itemSizes[dataType] ?? NaN);
  const entry = { name: tensor.name, shape, dataType, offset: 0, byteLength } as TensorEntry;
  const refuse = (found: string) =>
    new CheckpointError({
      asked: `the values of '${tensor.name}' [${shape.join(',')}] of ${model}`,
      found,
      fix: 'the file is damaged: save the model again',
    });
  if (tensor.dataLocation === TensorProto_DataLocation.EXTERNAL) {
    const { location, offset, length = byteLength } = externalPlace(tensor);
    if (length !== byteLength) throw refuse(`${length} bytes, and its shape makes ${byteLength}`);
    const source = await openExternal(location);
    try {
      return await readFloat32(source, { ...entry, offset });
    } finally {
      await source.close();
    }
  }
  const listed = dataType === 'float64' ? tensor.doubleData : tensor.floatData;
  if (listed.length > 0 && tensor.rawData.length === 0) {
    if (listed.length !== sizeOf(shape)) throw refuse(`${listed.length} values`);
    return Float32Array.from(listed);
  }
  if (tensor.rawData.length !== byteLength) throw refuse(`${tensor.rawData.length} bytes`);
  return readFloat32(bufferSource(tensor.rawData, model), entry);
}

/** Where an external tensor says that its bytes are. Untrusted. */
export function externalPlace({ externalData }: TensorProto): ExternalPlace {
  const stated = new Map(externalData.map(({ key, value }) => [key, value]));
  const length = stated.get('length');
  return {
    location: stated.get('location') ?? '',
    offset: Number(stated.get('offset') ?? 0),
    ...(length === undefined ? {} : { length: Number(length) }),
  };
}
