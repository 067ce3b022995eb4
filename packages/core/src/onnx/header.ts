import { type ByteSource, type FieldHandlers, type ProtobufMessage, protobufMessage } from './protobuf.js';

/** An input or output of an ONNX model. */
export interface ValueHeader {
  readonly name: string;
  /** Its number in `TensorProto.DataType`; undefined: not a tensor. */
  readonly elementType: number | undefined;
  /** Each is a number, or the name of a dimension that is only known when the model runs; undefined: any shape. */
  readonly shape: readonly (number | string)[] | undefined;
}

/** A tensor outside the ONNX file. */
export interface ExternalTensor {
  readonly name: string;
  /** Its `external_data`: location, offset, length; unchecked. */
  readonly entries: ReadonlyMap<string, string>;
}

/** The description in an ONNX file, without its weights and nodes. */
export interface ModelHeader {
  readonly irVersion: number;
  /** Version by operator domain; the domain of the ONNX standard is ''. */
  readonly opsets: ReadonlyMap<string, number>;
  /** Required inputs: those with an initializer of the same name are left out. */
  readonly inputs: readonly ValueHeader[];
  readonly outputs: readonly ValueHeader[];
  /** Its `metadata_props`. */
  readonly metadata: ReadonlyMap<string, string>;
  /** Initializers in other files, and tensors that a visitor passed on. */
  readonly externalTensors: readonly ExternalTensor[];
}

type Refused = (found: string) => Error;

/** Reads further fields in the same pass; `tensor` reads a tensor into the header and returns its name. */
export type OnnxVisitor = (
  tensor: (message: ProtobufMessage) => string,
  refuse: Refused,
) => Readonly<Record<'model' | 'graph', NonNullable<FieldHandlers['messages']>>>;

/** The longest possible protobuf message. */
export const maximumModelBytes = 2 ** 31 - 1;

/** More than any model needs; bounds the memory that a crafted header can take. */
const limits = { entries: 1000, dimensions: 16, tensors: 1_000_000, entryBytes: 1 << 16, externalBytes: 1 << 14 };
/** `TensorProto.DataLocation` */
const external = 1;

/**
 * Reads the description of an ONNX model. Weights are skipped, not read, and nothing runs. Field numbers are those of
 * `onnx.proto`.
 *
 * @param refuse makes the error for bytes that are not an ONNX model, are truncated, or exceed the limits
 */
export function readModelHeader(
  source: ByteSource,
  refuse: (why: { readonly found: string; readonly fix: string }) => Error,
  visitor: OnnxVisitor = () => ({ model: {}, graph: {} }),
): ModelHeader {
  const refused = (found: string, fix = 'pass an ONNX model, as written by torch.onnx.export or tf2onnx') =>
    refuse({ found, fix });
  const { size } = source;
  if (size > maximumModelBytes) {
    throw refused(`${size} bytes, over protobuf's limit of 2 GB`, 'save its weights as external data');
  }
  const whole = protobufMessage(source, (found) => refused(`not an ONNX model, or a truncated one (${found})`));
  const opsets = new Map<string, number>();
  const metadata = new Map<string, string>();
  const externalTensors: ExternalTensor[] = [];
  const initializers = new Set<string>();
  const [inputs, outputs]: [ValueHeader[], ValueHeader[]] = [[], []];
  const atMost = (most: number, count: number, what: string) => {
    if (count > most) throw refused(`over ${most} ${what}`);
  };
  let tensors = 0;
  const tensor = (message: ProtobufMessage) => {
    tensors += 1;
    atMost(limits.tensors, tensors, 'tensors');
    const { isExternal, name, entries } = readTensor(message, refused);
    if (isExternal) externalTensors.push({ name, entries });
    return name;
  };
  const value = (values: ValueHeader[]) => (message: ProtobufMessage) => {
    values.push(readValue(small(message), refused));
    atMost(limits.entries, inputs.length + outputs.length, 'inputs and outputs');
  };
  const small = (message: ProtobufMessage) => {
    if (message.length > limits.entryBytes) throw refused(`a header entry of ${message.length} bytes`);
    return message;
  };
  const more = visitor(tensor, refused);
  const notOneGraph = 'not an ONNX model, or it does not contain exactly one graph';
  let graph: ProtobufMessage | undefined;
  let irVersion = 0;
  whole.eachField({
    numbers: { 1: (version) => (irVersion = version) },
    messages: {
      ...more.model,
      7(message) {
        if (graph !== undefined) throw refused(notOneGraph);
        graph = message;
      },
      8(entry) {
        let [domain, version] = ['', 0];
        small(entry).eachField({
          messages: { 1: (text) => (domain = text.text()) },
          numbers: { 2: (number) => (version = number) },
        });
        opsets.set(domain === 'ai.onnx' ? '' : domain, version);
        atMost(limits.entries, opsets.size, 'operator sets');
      },
      14(entry) {
        metadata.set(...readEntry(small(entry)));
        atMost(limits.entries, metadata.size, 'metadata entries');
      },
    },
  });
  if (graph === undefined || irVersion < 1 || opsets.size === 0) throw refused(notOneGraph);
  const initializer = (message: ProtobufMessage) => initializers.add(tensor(message));
  graph.eachField({
    messages: { ...more.graph, 5: initializer, 11: value(inputs), 12: value(outputs) },
  });
  const required = inputs.filter(({ name }) => !initializers.has(name));
  return { irVersion, opsets, inputs: required, outputs, metadata, externalTensors };
}

/** A `StringStringEntryProto`. */
function readEntry(message: ProtobufMessage): [key: string, value: string] {
  let [key, value] = ['', ''];
  message.eachField({ messages: { 1: (text) => (key = text.text()), 2: (text) => (value = text.text()) } });
  return [key, value];
}

/** A `ValueInfoProto`. */
function readValue(message: ProtobufMessage, refused: Refused): ValueHeader {
  let name = '';
  let elementType: number | undefined;
  let shape: (number | string)[] | undefined;
  const tensor = (type: ProtobufMessage) => {
    elementType ??= 0;
    type.eachField({ numbers: { 1: (number) => (elementType = number) }, messages: { 2: dimensions } });
  };
  const dimensions = (message: ProtobufMessage) => {
    const all = (shape ??= []);
    message.eachField({ messages: { 1: (dimension) => all.push(readDimension(dimension)) } });
    if (all.length > limits.dimensions) throw refused(`'${name}' with ${all.length} dimensions`);
  };
  message.eachField({
    messages: { 1: (text) => (name = text.text()), 2: (type) => type.eachField({ messages: { 1: tensor } }) },
  });
  return { name, elementType, shape };
}

function readDimension(message: ProtobufMessage): number | string {
  let dimension: number | string = '?';
  message.eachField({
    numbers: { 1: (size) => (dimension = size) },
    messages: { 2: (label) => (dimension = label.text() || '?') },
  });
  return dimension;
}

/** A `TensorProto` without its contents. */
function readTensor(message: ProtobufMessage, refused: Refused): ExternalTensor & { readonly isExternal: boolean } {
  let name = '';
  let isExternal = false;
  const entries = new Map<string, string>();
  message.eachField({
    messages: {
      8: (text) => (name = text.name()),
      13(entry) {
        const { externalBytes: most } = limits;
        if (entry.length > most || entries.size > 16) throw refused(`external data of over ${most} bytes`);
        entries.set(...readEntry(entry));
      },
    },
    numbers: { 14: (location) => (isExternal = location === external) },
  });
  return { isExternal, name, entries };
}
