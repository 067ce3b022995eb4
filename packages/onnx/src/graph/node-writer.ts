import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  TensorProtoSchema,
} from './generated/onnx_pb.js';

/** ONNX's type numbers. */
export const float32 = 1;
export const int64 = 7;

type Attributes = Readonly<Record<string, bigint | readonly bigint[]>>;

/**
 * Writes the nodes that replace another node, with names derived from its output's. Constants are nodes too, because
 * these work in subgraphs and functions as well.
 */
export class NodeWriter {
  readonly nodes: NodeProto[] = [];

  constructor(readonly replaced: NodeProto) {}

  /** Adds a node and returns the name of its output; the last one uses the replaced node's output name. */
  add(opType: string, inputs: readonly string[], part: string | undefined, attributes: Attributes = {}): string {
    const output = part === undefined ? this.replaced.output[0] : this.#name(part);
    const attribute = Object.entries(attributes).map(([name, value]): Attribute => {
      return typeof value === 'bigint'
        ? { name, type: AttributeType.INT, i: value }
        : { name, type: AttributeType.INTS, ints: [...value] };
    });
    this.#push(opType, inputs, output, attribute);
    return output;
  }

  /** A list of integers. */
  integers(part: string, values: readonly number[]): string {
    const rawData = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    return this.#constant(part, { dataType: int64, dims: [BigInt(values.length)], rawData });
  }

  /** A float32 scalar. */
  scalar(part: string, value: number): string {
    return this.#constant(part, {
      dataType: float32,
      dims: [],
      rawData: new Uint8Array(Float32Array.of(value).buffer),
    });
  }

  /** An INT of the replaced node. */
  integerAttribute(name: string, missing: bigint): bigint {
    return this.replaced.attribute.find((one) => one.name === name)?.i ?? missing;
  }

  /** A FLOAT of the replaced node. */
  floatAttribute(name: string, missing: number): number {
    return this.replaced.attribute.find((one) => one.name === name)?.f ?? missing;
  }

  #constant(part: string, tensor: MessageInitShape<typeof TensorProtoSchema>): string {
    const t = create(TensorProtoSchema, tensor);
    this.#push('Constant', [], this.#name(part), [{ name: 'value', type: AttributeType.TENSOR, t }]);
    return this.#name(part);
  }

  #push(opType: string, inputs: readonly string[], output: string, attribute: Attribute[]): void {
    this.nodes.push(create(NodeProtoSchema, { name: output, opType, input: [...inputs], output: [output], attribute }));
  }

  #name(part: string): string {
    return `${this.replaced.output[0]}/${part}`;
  }
}

type Attribute = MessageInitShape<typeof AttributeProtoSchema>;
