import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type GraphProto,
  ModelProtoSchema,
  NodeProtoSchema,
  type NodeProto,
  TensorProtoSchema,
} from '../graph/generated/onnx_pb.js';

/** ONNX's numbers of types. */
const float32 = 1;
const int64 = 7;

/**
 * The same model in operators that onnxruntime-web's WebGPU computes well. Version 1.30 is off by the size of the values
 * in two of them (seen on a software adapter against WebAssembly, which agrees with PyTorch):
 *
 * - `Conv` with one input channel and several outputs a group: the input channels are repeated, once for each output, so
 *   that every group has one of each;
 * - `MultiHeadAttention`: written out as two products and a softmax.
 *
 * @returns the model itself where it has neither
 */
export function rewriteForWebGpu(serialised: Uint8Array): Uint8Array {
  const model = fromBinary(ModelProtoSchema, serialised);
  const { graph } = model;
  if (graph === undefined) return serialised;
  const shapes = new Map(graph.initializer.map(({ name, dims }) => [name, dims.map(Number)]));
  const rewritten = graph.node.map((node) => {
    if (node.opType === 'Conv') return spreadGroups(graph, node, shapes.get(node.input[1]));
    return node.opType === 'MultiHeadAttention' && node.input.length === 3 ? writeOutAttention(graph, node) : [node];
  });
  if (rewritten.every((nodes) => nodes.length === 1)) return serialised;
  graph.node = rewritten.flat();
  return toBinary(ModelProtoSchema, model);
}

function spreadGroups(graph: GraphProto, node: NodeProto, weight: readonly number[] | undefined): NodeProto[] {
  const group = node.attribute.find(({ name }) => name === 'group');
  const outputs = weight?.[0] ?? 0;
  const groups = Number(group?.i ?? 1n);
  if (group === undefined || weight?.[1] !== 1 || groups === 1 || outputs <= groups) return [node];
  const repeated = `${node.output[0]}/repeated`;
  const channels = integers(
    graph,
    `${node.output[0]}/channels`,
    Array.from({ length: outputs }, (_, output) => Math.floor((output * groups) / outputs)),
  );
  const gather = operation('Gather', [node.input[0], channels], repeated, { axis: 1n });
  node.input[0] = repeated;
  group.i = BigInt(outputs);
  return [gather, node];
}

/** softmax(Q K^T / sqrt(width of a head)) V for each head; see `multiHeadAttention`. */
function writeOutAttention(graph: GraphProto, node: NodeProto): NodeProto[] {
  const [output] = node.output;
  const heads = Number(node.attribute.find(({ name }) => name === 'num_heads')?.i ?? 1n);
  const name = (part: string) => `${output}/${part}`;
  const nodes: NodeProto[] = [];
  const add = (type: string, inputs: readonly string[], part: string, attributes: Attributes = {}) => {
    nodes.push(operation(type, inputs, name(part), attributes));
    return name(part);
  };
  const split = integers(graph, name('split'), [0, 0, heads, -1]);
  const byHead = (input: string, part: string, order: readonly bigint[]) =>
    add('Transpose', [add('Reshape', [input, split], `${part}/heads`)], part, { perm: order });
  const query = byHead(node.input[0], 'query', [0n, 2n, 1n, 3n]);
  const key = byHead(node.input[1], 'key', [0n, 2n, 3n, 1n]);
  const value = byHead(node.input[2], 'value', [0n, 2n, 1n, 3n]);
  // The width of a head, from the shape of what was split.
  const size = add('Shape', [query], 'size', { start: 3n, end: 4n });
  const root = add('Sqrt', [add('Cast', [size], 'width', { to: BigInt(float32) })], 'root');
  const scores = add('Div', [add('MatMul', [query, key], 'products'), root], 'scores');
  const attended = add('MatMul', [add('Softmax', [scores], 'shares', { axis: -1n }), value], 'attended');
  const together = add('Transpose', [attended], 'together', { perm: [0n, 2n, 1n, 3n] });
  nodes.push(operation('Reshape', [together, integers(graph, name('joined'), [0, 0, -1])], output, {}));
  return nodes;
}

type Attributes = Readonly<Record<string, bigint | readonly bigint[]>>;

function operation(opType: string, input: readonly string[], output: string, attributes: Attributes): NodeProto {
  const attribute = Object.entries(attributes).map(([name, value]): MessageInitShape<typeof AttributeProtoSchema> => {
    return typeof value === 'bigint'
      ? { name, type: AttributeProto_AttributeType.INT, i: value }
      : { name, type: AttributeProto_AttributeType.INTS, ints: [...value] };
  });
  return create(NodeProtoSchema, { name: output, opType, input: [...input], output: [output], attribute });
}

/** Adds a list of whole numbers to the graph. */
function integers(graph: GraphProto, name: string, values: readonly number[]): string {
  const rawData = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
  graph.initializer.push(create(TensorProtoSchema, { name, dataType: int64, dims: [BigInt(values.length)], rawData }));
  return name;
}
