import { create, toBinary } from '@bufbuild/protobuf';
import { type DataType, dataTypes } from '@hearken/onnx';
import {
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from '@hearken/onnx/internal';
import { writeAttribute } from './attributes.js';
import type { AddOptions, Emitter, GraphValue, Operator, ValueType } from './contracts.js';
import { peakBytes } from './memory.js';
import { orderNodes } from './order-nodes.js';
import { mostElements } from './tensor-elements.js';

const runtimeDomain = 'com.microsoft';

/** Writes a graph in which the type and sizes of every value are known. */
export class GraphWriter implements Emitter {
  readonly #nodes: NodeProto[] = [];
  readonly #initializers: TensorProto[] = [];
  readonly #inputs: GraphValue[] = [];
  readonly #outputs: GraphValue[] = [];
  readonly #constants = new Map<string, GraphValue>();
  readonly #values = new Map<string, GraphValue>();
  #backward: { readonly start: number; readonly root: string } | undefined;
  #counter = 0;

  /**
   * @param operators by type
   * @param isTaken whether a name is used by something else
   */
  constructor(
    readonly operators: ReadonlyMap<string, Operator>,
    readonly isTaken: (name: string) => boolean = () => false,
  ) {}

  /** The most bytes that inputs, weights, outputs and everything in between take at once; see `peakBytes`. */
  get peakBytes(): number {
    const kept = [...this.#inputs, ...this.#outputs, ...this.#initializers].map(({ name }) => name);
    return peakBytes(this.#nodes, this.#values, new Set(kept));
  }

  /** Says that all further nodes are of the backward pass, which starts with this gradient of the loss. */
  startBackward({ name: root }: GraphValue): void {
    this.#backward = { start: this.#nodes.length, root };
  }

  /** Adds an input of the graph. */
  input(value: GraphValue): GraphValue {
    this.#inputs.push(value);
    this.#values.set(value.name, value);
    return value;
  }

  /** Makes a value an output of the graph, under this name. */
  output(name: string, value: GraphValue): void {
    const named = { ...value, name };
    if (name !== value.name) this.#push('Identity', `output/${name}`, [value], [name], {});
    this.#outputs.push(named);
    this.#values.set(name, named);
  }

  /** Adds a constant as it is in a file; `value` describes it, if its type is known. */
  initializer(tensor: TensorProto, value: GraphValue | undefined): void {
    this.#initializers.push(tensor);
    if (value !== undefined) this.#values.set(value.name, value);
  }

  /** Adds a node as it is in a file: one whose operator is not known, or not understood. */
  copy(node: NodeProto, outputs: readonly GraphValue[]): void {
    this.#nodes.push(node);
    for (const output of outputs) this.#values.set(output.name, output);
  }

  add(type: string, inputs: readonly (GraphValue | undefined)[], options: AddOptions = {}): GraphValue {
    return this.addAll(type, inputs, 1, options)[0];
  }

  addAll(
    type: string,
    inputs: readonly (GraphValue | undefined)[],
    outputCount: number,
    { attributes = {}, names, name = this.#newName(type) }: AddOptions = {},
  ): GraphValue[] {
    const operator = this.operators.get(type);
    if (operator === undefined) throw new Error(`no operator '${type}'`);
    const node = { name, type, inputs, attributes, outputCount };
    const types = operator.infer(node);
    const outputNames =
      names ?? Array.from({ length: outputCount }, (_, index) => (index === 0 ? name : `${name}:${index}`));
    const elements = operator.fold?.(node);
    this.#push(type, name, inputs, outputNames, attributes);
    const outputs = outputNames.map((output, index): GraphValue => ({
      name: output,
      ...plain(types[index]),
      ...(index === 0 && elements !== undefined && elements.length <= mostElements ? { elements } : {}),
    }));
    for (const output of outputs) this.#values.set(output.name, output);
    return outputs;
  }

  integers(values: readonly number[], shape: readonly number[] = [values.length]): GraphValue {
    return this.#constant('int64', values, shape, (data) => BigInt64Array.from(data, BigInt));
  }

  constant(values: number | readonly number[], shape?: readonly number[]): GraphValue {
    const list = typeof values === 'number' ? [values] : values;
    const sizes = shape ?? (typeof values === 'number' ? [] : [list.length]);
    return this.#constant('float32', list, sizes, (data) => Float32Array.from(data));
  }

  /** The graph as a serialised ONNX model. */
  build(
    name: string,
    { irVersion, opset }: { readonly irVersion: number; readonly opset: number },
  ): Uint8Array<ArrayBuffer> {
    const usesRuntime = this.#nodes.some(({ domain }) => domain === runtimeDomain);
    const model = create(ModelProtoSchema, {
      irVersion: BigInt(irVersion),
      producerName: 'hearken',
      opsetImport: [
        { domain: '', version: BigInt(opset) },
        ...(usesRuntime ? [{ domain: runtimeDomain, version: 1n }] : []),
      ],
      graph: {
        name,
        node: this.#backward ? orderNodes(this.#nodes, this.#backward.start, this.#backward.root) : this.#nodes,
        initializer: this.#initializers,
        input: this.#inputs.map(valueInfo),
        output: this.#outputs.map(valueInfo),
      },
    });
    return toBinary(ModelProtoSchema, model);
  }

  #push(
    type: string,
    name: string,
    inputs: readonly (GraphValue | undefined)[],
    output: readonly string[],
    attributes: NonNullable<AddOptions['attributes']>,
  ): void {
    const [opType, domain] = type.startsWith(`${runtimeDomain}.`)
      ? [type.slice(runtimeDomain.length + 1), runtimeDomain]
      : [type, ''];
    const input = inputs.map((value) => value?.name ?? '');
    while (input.at(-1) === '') input.pop();
    const attribute = Object.entries(attributes).map(([key, value]) => writeAttribute(key, value));
    this.#nodes.push(create(NodeProtoSchema, { name, opType, domain, input, output: [...output], attribute }));
  }

  #constant(
    dataType: DataType,
    values: readonly number[],
    shape: readonly number[],
    encode: (values: readonly number[]) => Float32Array | BigInt64Array,
  ): GraphValue {
    const key = `${dataType} ${shape.join(',')} ${values.join(',')}`;
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const name = this.#newName('constant');
    // ONNX stores raw data as little-endian, as do all supported platforms.
    const rawData = new Uint8Array(encode(values).buffer as ArrayBuffer);
    this.#initializers.push(
      create(TensorProtoSchema, { name, dims: shape.map(BigInt), dataType: dataTypes[dataType], rawData }),
    );
    const value: GraphValue = { name, dataType, shape, ...(values.length <= mostElements ? { elements: values } : {}) };
    this.#constants.set(key, value);
    this.#values.set(name, value);
    return value;
  }

  #newName(type: string): string {
    let name: string;
    do name = `train/${type.replace(`${runtimeDomain}.`, '')}_${this.#counter++}`;
    while (this.isTaken(name));
    return name;
  }
}

function plain({ dataType, shape }: ValueType): ValueType {
  return { dataType, shape };
}

function valueInfo({ name, dataType, shape }: GraphValue): ValueInfoProto {
  const dim = shape.map((size) => ({ value: { case: 'dimValue' as const, value: BigInt(size) } }));
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: 'tensorType', value: { elemType: dataTypes[dataType], shape: { dim } } } },
  });
}
