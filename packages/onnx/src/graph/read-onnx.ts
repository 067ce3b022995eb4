import { CheckpointError } from '@hearken/core';
import { type ExternalTensor, readModelHeader, type ValueHeader } from '@hearken/core/internal';
import { bytesSource } from './bytes-source.js';
import { dataTypes } from './data-type.js';
import { nodeVisitor, type OnnxOperator } from './visit-nodes.js';

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

/** The stated location of a tensor outside the ONNX file. Untrusted until checked. */
export interface OnnxExternalRange {
  /** The tensor's name. */
  readonly tensor: string;
  /** The stated file, relative to the model's folder. */
  readonly location: string;
  /** Byte offset of its first element in that file. */
  readonly offset: number;
  /** Absent: to the end of the file. */
  readonly length?: number;
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

const dataTypeNames = new Map<number, string>(Object.entries(dataTypes).map(([name, number]) => [number, name]));

/**
 * Reads the description of a serialised ONNX model. Weights are neither copied nor decoded, and nothing runs.
 *
 * @param name the file's name in errors
 * @throws CheckpointError for bytes that are not an ONNX model, are truncated, or exceed the limits
 */
export function readOnnxHeader(bytes: Uint8Array, name: string): OnnxHeader {
  const refuse = (why: { found: string; fix: string }) => new CheckpointError({ asked: name, ...why });
  const { visitor, found } = nodeVisitor();
  const { externalTensors, ...header } = readModelHeader(bytesSource(bytes), refuse, visitor);
  const [inputs, outputs] = [header.inputs.map(valueOf), header.outputs.map(valueOf)];
  return { ...header, inputs, outputs, externalRanges: externalTensors.map(rangeOf), ...found() };
}

function rangeOf({ name, entries }: ExternalTensor): OnnxExternalRange {
  const length = entries.get('length');
  return {
    tensor: name,
    location: entries.get('location') ?? '',
    offset: Number(entries.get('offset') ?? 0),
    ...(length === undefined ? {} : { length: Number(length) }),
  };
}

function valueOf({ name, elementType, shape }: ValueHeader): OnnxValue {
  const dataType = elementType === undefined ? 'no tensor' : (dataTypeNames.get(elementType) ?? `type ${elementType}`);
  return { name, dataType, shape };
}

/** `signal float32 [n, 1, 16000]`: an input or output, for messages. */
export function onnxValueText({ name, dataType, shape }: OnnxValue): string {
  return `${name} ${dataType}${shape === undefined ? '' : ` [${shape.join(', ')}]`}`;
}
