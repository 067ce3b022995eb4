import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, TensorProto_DataLocation } from '../graph/generated/onnx_pb.js';
import type { ExternalBytes } from '../graph/self-contained.js';

/**
 * Puts a model's external tensors inside it, except for those in the file `kept`.
 *
 * @param read returns the bytes of an external tensor
 */
export async function inlineTensors(
  serialised: Uint8Array,
  kept: string,
  read: (bytes: ExternalBytes) => Promise<Uint8Array>,
): Promise<Uint8Array<ArrayBuffer>> {
  const model = fromBinary(ModelProtoSchema, serialised);
  for (const tensor of model.graph?.initializer ?? []) {
    if (tensor.dataLocation !== TensorProto_DataLocation.EXTERNAL) continue;
    const {
      location = '',
      offset,
      length,
    } = Object.fromEntries(tensor.externalData.map(({ key, value }) => [key, value]));
    if (location === kept) continue;
    tensor.rawData = await read({ location, offset: Number(offset), byteLength: Number(length) });
    tensor.dataLocation = TensorProto_DataLocation.DEFAULT;
    tensor.externalData = [];
  }
  return toBinary(ModelProtoSchema, model);
}
