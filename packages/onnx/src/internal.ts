/**
 * Shared between Hearken's packages: the messages of ONNX files, and changes to them. Not for others: names here change without notice.
 */
export {
  AttributeProto_AttributeType,
  type AttributeProto,
  AttributeProtoSchema,
  type GraphProto,
  GraphProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from './graph/generated/onnx_pb.js';
export { type ModelEnds, withEmbedderEnds } from './graph/embedder-ends.js';
