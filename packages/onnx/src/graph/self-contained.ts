import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { maximumModelBytes } from '@hearken/core/internal';
import { ModelProtoSchema, StringStringEntryProtoSchema, TensorProto_DataLocation } from './generated/onnx_pb.js';

/** Where an external tensor's bytes are. */
export interface ExternalBytes {
  /** The file that contains them, as named in the graph. */
  readonly location: string;
  /** Byte offset of the first one. */
  readonly offset: number;
  /** How many there are. */
  readonly byteLength: number;
}

/** A model that no longer needs its checkpoint. */
export interface SelfContainedModel {
  /** Serialised ONNX model. */
  readonly model: Uint8Array;
  /** The file for the model's external tensors, one after the other; absent if the model contains everything. */
  readonly externalData?: readonly ExternalBytes[];
}

/**
 * Makes a model that no longer refers to a checkpoint: its external tensors are put inside or, if that would exceed 2
 * GB, listed in the order in which they must be written to a separate file.
 *
 * @param read returns the bytes of an external tensor
 * @param dataFile name of that separate file
 * @param metadata entries for the model's `metadata_props`
 */
export async function selfContainedModel(
  serialised: Uint8Array,
  read: (bytes: ExternalBytes) => Promise<Uint8Array>,
  dataFile: string,
  metadata: Readonly<Record<string, string>>,
  limit = maximumModelBytes,
): Promise<SelfContainedModel> {
  const model = fromBinary(ModelProtoSchema, serialised);
  // A model that was exported before already has some of them.
  model.metadataProps = [
    ...model.metadataProps.filter(({ key }) => !Object.hasOwn(metadata, key)),
    ...Object.entries(metadata).map(([key, value]) => create(StringStringEntryProtoSchema, { key, value })),
  ];
  const external = (model.graph?.initializer ?? []).filter(
    (tensor) => tensor.dataLocation === TensorProto_DataLocation.EXTERNAL,
  );
  const places = external.map((tensor): ExternalBytes => {
    const entry = new Map(tensor.externalData.map(({ key, value }) => [key, value]));
    return {
      location: entry.get('location') ?? '',
      offset: Number(entry.get('offset') ?? 0),
      byteLength: Number(entry.get('length') ?? 0),
    };
  });
  const total = places.reduce((sum, { byteLength }) => sum + byteLength, serialised.length);
  if (total > limit) {
    let offset = 0;
    external.forEach((tensor, index) => {
      const { byteLength } = places[index];
      const entries = { location: dataFile, offset: String(offset), length: String(byteLength) };
      tensor.externalData = Object.entries(entries).map(([key, value]) =>
        create(StringStringEntryProtoSchema, { key, value }),
      );
      offset += byteLength;
    });
    return { model: toBinary(ModelProtoSchema, model), externalData: places };
  }
  for (const [index, tensor] of external.entries()) {
    tensor.rawData = await read(places[index]);
    tensor.dataLocation = TensorProto_DataLocation.DEFAULT;
    tensor.externalData = [];
  }
  return { model: toBinary(ModelProtoSchema, model) };
}
