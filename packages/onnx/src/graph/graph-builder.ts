import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { dataTypes, type DataType } from './data-type.js';
import {
  AttributeProto_AttributeType as AttributeType,
  ModelProtoSchema,
  TensorProto_DataLocation as DataLocation,
  type AttributeProtoSchema,
  type TensorProtoSchema,
  type ValueInfoProtoSchema,
} from './generated/onnx_pb.js';

/** A tensor in the graph under construction: an input, an initializer or a node's output. */
export interface Value {
  /** Its name in the graph. */
  readonly name: string;
}

/** A dimension: a number, or a name for one that is only known when the graph runs. */
export type Dimension = number | string;

/**
 * An attribute's value; its JavaScript type determines its ONNX type. A `number` is FLOAT, even if it is whole, and a
 * list of numbers is FLOATS; what the operator's specification calls INT or INTS (`axis`, `to`, `keepdims`, `perm`) is
 * a `bigint` such as `0n`, or a list of them; a `string` is STRING.
 */
export type Attribute = bigint | number | string | readonly bigint[] | readonly number[];

/** A node's properties besides its inputs. */
export interface NodeOptions {
  /** By their names in the operator's specification: `{ axis: -1n, epsilon: 1e-5 }`; INT is a `bigint`. */
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** The operator's domain, such as `com.microsoft`; default: the ONNX standard's. */
  readonly domain?: string;
}

/** Location of a tensor in a file: weights stay in the checkpoint and are referenced by offset. */
export interface ExternalTensor {
  /** The tensor's name in the checkpoint; one that is used twice is added only once. */
  readonly name: string;
  /** Type of its elements. */
  readonly dataType: DataType;
  /** Sizes of its dimensions; empty for a scalar. */
  readonly shape: readonly number[];
  /** Byte offset of its first element in the file. */
  readonly offset: number;
  /** Size of the whole tensor in bytes. */
  readonly byteLength: number;
  /**
   * The file that contains it, relative to the folder passed to the session. Default: the graph's `externalLocation`.
   */
  readonly location?: string;
}

interface Node {
  readonly opType: string;
  readonly name: string;
  readonly domain: string;
  readonly input: string[];
  readonly output: string[];
  readonly attribute: MessageInitShape<typeof AttributeProtoSchema>[];
}

const opset = 21n;
const irVersion = 10n;
/** Prefix of the names of a checkpoint's weights in a graph. */
export const checkpointPrefix = 'checkpoint/';
/** The domain of ONNX Runtime's operators, which a model imports only if it uses them. */
const runtimeDomain = 'com.microsoft';

/**
 * Builds one ONNX graph, node by node, and serialises it. It generates the names, so that layers written as plain
 * functions never collide.
 */
export class GraphBuilder {
  readonly #nodes: Node[] = [];
  readonly #initializers: MessageInitShape<typeof TensorProtoSchema>[] = [];
  readonly #inputs: MessageInitShape<typeof ValueInfoProtoSchema>[] = [];
  readonly #outputs: MessageInitShape<typeof ValueInfoProtoSchema>[] = [];
  readonly #externalTensors = new Map<string, Value>();
  /** Names of the values that nodes compute, mapped to their output name if they are outputs. */
  readonly #producers = new Set<string>();
  readonly #outputNames = new Map<string, string>();
  #counter = 0;

  /**
   * @param externalLocation the file of external tensors without a location, relative to the folder passed to the
   *   session
   */
  constructor(
    /** The graph's name, for the model file and errors. */
    readonly name: string,
    readonly externalLocation?: string,
  ) {}

  /**
   * Adds an input of the graph.
   *
   * @param dimensions a number for a fixed size, or a name for one that is only known when the graph runs
   */
  input(name: string, dimensions: readonly Dimension[], dataType: DataType = 'float32'): Value {
    this.#inputs.push(valueInfo(name, dimensions, dataType));
    return { name };
  }

  /**
   * Makes `value` an output of the graph, under `name`. The output of the node that computes it is renamed if possible,
   * because an Identity node would copy the tensor.
   */
  output(name: string, value: Value, dimensions: readonly Dimension[], dataType: DataType = 'float32'): void {
    this.#outputs.push(valueInfo(name, dimensions, dataType));
    if (this.#producers.has(value.name) && !this.#outputNames.has(value.name)) {
      this.#outputNames.set(value.name, name);
      return;
    }
    const [input, output] = [[value.name], [name]];
    this.#nodes.push({ opType: 'Identity', name: `output/${name}`, domain: '', input, output, attribute: [] });
  }

  /**
   * A float32 constant inside the graph; a number is a scalar.
   *
   * @param weight the name of the weight that the values were computed from; they then count as parameters of the model
   */
  constant(values: number | readonly number[] | Float32Array, shape?: readonly number[], weight?: string): Value {
    const data = typeof values === 'number' ? Float32Array.of(values) : Float32Array.from(values);
    return this.#initializer(data, shape ?? (typeof values === 'number' ? [] : [data.length]), 'float32', weight);
  }

  /** An int64 constant, for shapes and axes. */
  integers(values: readonly number[], shape: readonly number[] = [values.length]): Value {
    return this.#initializer(BigInt64Array.from(values, BigInt), shape, 'int64');
  }

  /** A byte constant, for quantised weights and their zero points. */
  bytes(values: Int8Array | Uint8Array, shape: readonly number[] = [values.length]): Value {
    return this.#initializer(values, shape, values instanceof Int8Array ? 'int8' : 'uint8');
  }

  /** A tensor that stays in the checkpoint file. */
  external(tensor: ExternalTensor): Value {
    const known = this.#externalTensors.get(tensor.name);
    if (known !== undefined) return known;
    const location = tensor.location ?? this.externalLocation;
    if (location === undefined) throw new Error(`graph '${this.name}' has no external file`);
    const name = `${checkpointPrefix}${tensor.name}`;
    this.#initializers.push({
      name,
      dims: tensor.shape.map(BigInt),
      dataType: dataTypes[tensor.dataType],
      dataLocation: DataLocation.EXTERNAL,
      externalData: [
        { key: 'location', value: location },
        { key: 'offset', value: String(tensor.offset) },
        { key: 'length', value: String(tensor.byteLength) },
      ],
    });
    const value = { name };
    this.#externalTensors.set(tensor.name, value);
    return value;
  }

  /**
   * Adds a node with one output.
   *
   * @throws Error for a number in an integer attribute of ONNX's operators: `{ axis: 1 }` instead of `{ axis: 1n }`
   */
  node(opType: string, inputs: readonly (Value | undefined)[], options: NodeOptions = {}): Value {
    return this.nodes(opType, inputs, 1, options)[0];
  }

  /**
   * Adds a node with several outputs. An absent optional input is `undefined`.
   *
   * @throws Error like `node`
   */
  nodes(
    opType: string,
    inputs: readonly (Value | undefined)[],
    outputCount: number,
    options: NodeOptions = {},
  ): Value[] {
    const name = `${opType}_${this.#counter++}`;
    const outputs = Array.from({ length: outputCount }, (_, index) => (index === 0 ? name : `${name}:${index}`));
    this.#nodes.push({
      opType,
      name,
      domain: options.domain ?? '',
      input: inputs.map((input) => input?.name ?? ''),
      output: outputs,
      attribute: Object.entries(options.attributes ?? {}).map(([key, value]) => attribute(opType, key, value)),
    });
    for (const output of outputs) this.#producers.add(output);
    return outputs.map((output) => ({ name: output }));
  }

  /** The graph as a serialised ONNX model. */
  build(): Uint8Array<ArrayBuffer> {
    const rename = (name: string) => this.#outputNames.get(name) ?? name;
    const model = create(ModelProtoSchema, {
      irVersion,
      producerName: 'hearken',
      opsetImport: [
        { domain: '', version: opset },
        ...(this.#nodes.some(({ domain }) => domain === runtimeDomain) ? [{ domain: runtimeDomain, version: 1n }] : []),
      ],
      graph: {
        name: this.name,
        node: this.#nodes.map((node) => ({
          ...node,
          input: node.input.map(rename),
          output: node.output.map(rename),
        })),
        initializer: this.#initializers,
        input: this.#inputs,
        output: this.#outputs,
      },
    });
    return toBinary(ModelProtoSchema, model);
  }

  #initializer(
    data: Float32Array | BigInt64Array | Int8Array | Uint8Array,
    shape: readonly number[],
    dataType: DataType,
    weight?: string,
  ): Value {
    const size = shape.reduce((product, dimension) => product * dimension, 1);
    if (size !== data.length) throw new Error(`constant of shape [${shape.join(',')}] given ${data.length} values`);
    const counted = `constant_${this.#counter++}`;
    const name = weight === undefined ? counted : `${checkpointPrefix}${weight}/${counted}`;
    this.#initializers.push({
      name,
      dims: shape.map(BigInt),
      dataType: dataTypes[dataType],
      // ONNX stores raw data as little-endian, as do all supported platforms.
      rawData: new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength),
    });
    return { name };
  }
}

/** Attributes that are INT or INTS in all operators that have them. */
const integerAttributes = new Set(
  'allowzero axes axis batch_dims ceil_mode count_include_pad dilations group hidden_size is_causal keepdims kernel_shape noop_with_empty_axes num_heads num_outputs output_padding perm select_last_index storage_order strides to transA transB'.split(
    ' ',
  ),
);

function attribute(opType: string, name: string, value: Attribute): MessageInitShape<typeof AttributeProtoSchema> {
  if (integerAttributes.has(name)) refuseNumbers(opType, name, value);
  if (typeof value === 'bigint') return { name, type: AttributeType.INT, i: value };
  if (typeof value === 'number') return { name, type: AttributeType.FLOAT, f: value };
  if (typeof value === 'string') return { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) };
  if (value.every((item) => typeof item === 'bigint')) return { name, type: AttributeType.INTS, ints: [...value] };
  return { name, type: AttributeType.FLOATS, floats: value.map(Number) };
}

function refuseNumbers(opType: string, name: string, value: Attribute): void {
  const numbers = Array.isArray(value) ? (value as readonly unknown[]) : [value];
  const number = numbers.find((item) => typeof item === 'number');
  if (number === undefined) return;
  throw new Error(
    `attribute '${name}' of ${opType} is an integer, but ${number} is a float: write ${Math.trunc(number)}n`,
  );
}

function valueInfo(
  name: string,
  dimensions: readonly Dimension[],
  dataType: DataType,
): MessageInitShape<typeof ValueInfoProtoSchema> {
  return {
    name,
    type: {
      value: {
        case: 'tensorType',
        value: {
          elemType: dataTypes[dataType],
          shape: {
            dim: dimensions.map((dimension) => ({
              value:
                typeof dimension === 'number'
                  ? { case: 'dimValue' as const, value: BigInt(dimension) }
                  : { case: 'dimParam' as const, value: dimension },
            })),
          },
        },
      },
    },
  };
}
