import { CheckpointError } from '@hearken/core';
import { fromBinary } from '@bufbuild/protobuf';
import { dataTypes } from './data-type.js';
import { OperatorSetIdProtoSchema, StringStringEntryProtoSchema, ValueInfoProtoSchema } from './generated/onnx_pb.js';
import { eachField, readOnnxTensors, type OnnxExternalRange, type OnnxOperator } from './read-onnx-tensors.js';
import { maximumModelBytes } from './self-contained.js';

export type { OnnxExternalRange, OnnxOperator } from './read-onnx-tensors.js';

/** An input or output of an ONNX model. */
export interface OnnxValue {
  /** Its name in the graph. */
  readonly name: string;
  /** `float32`, `int64`, ..., or `type 8` for one without a name here; `no tensor` for sequences and maps. */
  readonly dataType: string;
  /**
   * Each is a number, or the name of a dimension that is only known when the graph runs (`?` if it has none); absent:
   * any shape.
   */
  readonly shape: readonly (number | string)[] | undefined;
}

/** The description in an ONNX file, without its weights. */
export interface OnnxHeader {
  /** Version of the file format. */
  readonly irVersion: number;
  /** Version by operator domain; the domain of the ONNX standard is ''. */
  readonly opsets: ReadonlyMap<string, number>;
  /** Required inputs: those with an initializer of the same name are left out. */
  readonly inputs: readonly OnnxValue[];
  /** The outputs of the graph. */
  readonly outputs: readonly OnnxValue[];
  /** The model's `metadata_props`. */
  readonly metadata: ReadonlyMap<string, string>;
  /** Tensors in other files, including those of subgraphs and functions; unchecked. */
  readonly externalRanges: readonly OnnxExternalRange[];
  /** Domains of operators that nodes use and the file does not define. */
  readonly operatorDomains: readonly string[];
  /** Operators that nodes use and that neither the ONNX standard nor the file defines. */
  readonly foreignOperators: readonly OnnxOperator[];
}

/** More than any model needs; bounds the memory that a crafted header can take. */
const limits = { values: 1000, dimensions: 16, entries: 1000, textBytes: 1 << 16 };

const dataTypeNames = new Map<number, string>(Object.entries(dataTypes).map(([name, number]) => [number, name]));

/**
 * Reads the description of a serialised ONNX model. Weights are neither copied nor decoded, and nothing runs.
 *
 * @param name the file's name in errors
 * @throws CheckpointError for bytes that are not an ONNX model, are truncated, or exceed the limits
 */
export function readOnnxHeader(bytes: Uint8Array, name: string): OnnxHeader {
  const refuse = (
    found: string,
    fix = 'pass an ONNX model, as written by torch.onnx.export or tf2onnx',
    cause?: unknown,
  ) => new CheckpointError({ asked: name, found, fix, cause });
  if (bytes.length > maximumModelBytes) {
    throw refuse(`${bytes.length} bytes, over protobuf's limit of 2 GB`, 'save its weights as external data');
  }
  try {
    return readModel(bytes, refuse);
  } catch (cause) {
    if (cause instanceof CheckpointError) throw cause;
    throw refuse(`not an ONNX model, or a truncated one (${cause instanceof Error ? cause.message : String(cause)})`);
  }
}

type Refuse = (found: string, fix?: string) => CheckpointError;

function readModel(bytes: Uint8Array, refuse: Refuse): OnnxHeader {
  const opsets = new Map<string, number>();
  const metadata = new Map<string, string>();
  let irVersion = 0;
  const graphs: Uint8Array[] = [];
  eachField(bytes, {
    1: (value) => (irVersion = Number(value)),
    7: (graph) => graphs.push(graph as Uint8Array),
    8(entry) {
      const { domain, version } = fromBinary(OperatorSetIdProtoSchema, small(entry, refuse));
      opsets.set(domain === 'ai.onnx' ? '' : domain, Number(version));
      if (opsets.size > limits.entries) throw refuse(`over ${limits.entries} operator sets`);
    },
    14(entry) {
      const { key, value } = fromBinary(StringStringEntryProtoSchema, small(entry, refuse));
      metadata.set(key, value);
      if (metadata.size > limits.entries) throw refuse(`over ${limits.entries} metadata entries`);
    },
  });
  if (graphs.length !== 1 || irVersion < 1 || opsets.size === 0) throw refuse('not an ONNX model');
  const inputs: OnnxValue[] = [];
  const outputs: OnnxValue[] = [];
  eachField(graphs[0], {
    11: (value) => addValue(inputs, value, refuse),
    12: (value) => addValue(outputs, value, refuse),
  });
  const { initializers, externalRanges, operatorDomains, foreignOperators } = readOnnxTensors(bytes, refuse);
  return {
    irVersion,
    opsets,
    inputs: inputs.filter(({ name }) => !initializers.has(name)),
    outputs,
    metadata,
    externalRanges,
    operatorDomains,
    foreignOperators,
  };
}

function addValue(values: OnnxValue[], field: Uint8Array | bigint, refuse: Refuse): void {
  const { name, type } = fromBinary(ValueInfoProtoSchema, small(field, refuse));
  const tensor = type?.value.case === 'tensorType' ? type.value.value : undefined;
  const dimensions = tensor?.shape?.dim;
  if ((dimensions?.length ?? 0) > limits.dimensions) throw refuse(`'${name}' with ${dimensions?.length} dimensions`);
  values.push({
    name,
    dataType: tensor === undefined ? 'no tensor' : (dataTypeNames.get(tensor.elemType) ?? `type ${tensor.elemType}`),
    shape: dimensions?.map(({ value }) => {
      if (value.case === 'dimValue') return Number(value.value);
      return value.case === 'dimParam' && value.value !== '' ? value.value : '?';
    }),
  });
  if (values.length > limits.values) throw refuse(`over ${limits.values} inputs or outputs`);
}

function small(field: Uint8Array | bigint, refuse: Refuse): Uint8Array {
  if (typeof field === 'bigint') throw new Error('a number where a message belongs');
  if (field.length > limits.textBytes) throw refuse(`a header entry of ${field.length} bytes`);
  return field;
}

/** `signal float32 [n, 1, 16000]`: an input or output, for messages. */
export function onnxValueText({ name, dataType, shape }: OnnxValue): string {
  return `${name} ${dataType}${shape === undefined ? '' : ` [${shape.join(', ')}]`}`;
}
