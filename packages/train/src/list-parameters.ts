import type { TensorEntry } from '@hearken/onnx';
import { type TensorProto, TensorProto_DataLocation } from '@hearken/onnx/internal';
import { readModel } from './graph/read-graph.js';
import { dataTypeOf } from './graph/tensor-elements.js';

/** A weight of a model that may be trained. */
export interface ModelParameter {
  /** Its name in the graph. */
  readonly name: string;
  /** Sizes of its dimensions. */
  readonly shape: readonly number[];
  /** Where its values are, if they are in another file: what `ModelFiles.readFloat32` reads. */
  readonly external?: TensorEntry;
  /** Its bytes, if they are in the model. */
  readonly bytes?: Uint8Array;
}

/** Prefix of the names of weights that Hearken's graphs take from a checkpoint. */
const checkpointPrefix = 'checkpoint/';

/**
 * The weights of a model that may be trained, in the order of the file: floating-point initializers that come from a
 * checkpoint, or all of them in a model that doesn't say which do.
 *
 * @throws CheckpointError for bytes that are not an ONNX model
 */
export function listParameters(model: Uint8Array): ModelParameter[] {
  const { graph } = readModel(model);
  const floats = graph.initializer.filter(({ dataType }) => dataTypeOf(dataType)?.includes('float'));
  const own = floats.filter(({ name }) => name.startsWith(checkpointPrefix));
  return (own.length > 0 ? own : floats).map(parameterOf);
}

function parameterOf(tensor: TensorProto): ModelParameter {
  const { name, dims, dataType, dataLocation, rawData, externalData } = tensor;
  const shape = dims.map(Number);
  if (dataLocation !== TensorProto_DataLocation.EXTERNAL) return { name, shape, bytes: rawData };
  const stated = new Map(externalData.map(({ key, value }) => [key, value]));
  const external = {
    name,
    shape,
    dataType: dataTypeOf(dataType)!,
    location: stated.get('location') ?? '',
    offset: Number(stated.get('offset') ?? 0),
    byteLength: Number(stated.get('length') ?? 0),
  };
  return { name, shape, external };
}
