/**
 * Shared between Hearken's packages: reading and showing untrusted text within bounds, grouping, headers of ONNX files.
 * Not for others: names here change without notice.
 */
export { groupBy } from './group-by.js';
export { namedHead } from './labels-of-head.js';
export { logitsEmbedder, logitsFacts } from './logits-embedder.js';
export {
  type ExternalTensor,
  maximumModelBytes,
  type OnnxVisitor,
  readModelHeader,
  type ValueHeader,
} from './onnx/header.js';
export { type ByteSource, protobufMessage, type ProtobufMessage } from './onnx/protobuf.js';
export { parseBoundedJson } from './text/bounded-json.js';
export { csvFailure } from './text/csv-failure.js';
export { decodeText } from './text/decode-text.js';
export { durationText } from './text/duration-text.js';
export { joinBytes, joinValues } from './text/join-values.js';
export { isRecord, parseJson, shown } from './text/json.js';
export { matchesPattern } from './text/name-pattern.js';
export { shortHash } from './text/short-hash.js';
export { lineOf, numberOrNull, recordOf } from './text/strange-values.js';
export { tableText } from './text/table-text.js';
export { mixExamples } from './training/mix-examples.js';
