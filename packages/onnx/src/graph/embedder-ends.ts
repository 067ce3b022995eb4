import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { dataTypes } from './data-type.js';
import {
  AttributeProto_AttributeType,
  type GraphProto,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
  type TypeProto,
  ValueInfoProtoSchema,
} from './generated/onnx_pb.js';

/** What a model calls its input and its output. */
export interface ModelEnds {
  /** Name of the input for signals. */
  readonly input: string;
  /** Name of the output. */
  readonly output: string;
  /** Whether the output is `[n, time, size]`, and the embedding its mean over time; else `[n, size]`. */
  readonly isOverTime: boolean;
}

/** From this version of the standard on, axes of `ReduceMean` are an input. */
const axesAsInput = 18n;

/**
 * A model with the ends of an embedder's graph: `signal` in, and `embedding` as its first output. Other values with these
 * names get another.
 *
 * @throws Error for bytes that are not an ONNX model with these ends: it must have been opened before
 */
export function withEmbedderEnds(serialised: Uint8Array, { input, output, isOverTime }: ModelEnds): Uint8Array {
  if (input === 'signal' && output === 'embedding' && !isOverTime) return serialised;
  const model = fromBinary(ModelProtoSchema, serialised);
  const { graph } = model;
  const found = graph?.output.find(({ name }) => name === output);
  if (graph === undefined || found === undefined) throw new Error(`a model without output '${output}'`);
  const names = new Map(['signal', 'embedding'].map((name) => [name, `${name}/of_model`]));
  names.set(input, 'signal');
  names.set(output, isOverTime ? 'embedding/over_time' : 'embedding');
  renameValues(graph, names);
  if (!isOverTime) {
    graph.output = [found, ...graph.output.filter((one) => one !== found)];
    return toBinary(ModelProtoSchema, model);
  }
  const version = model.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0n;
  const attribute = [{ name: 'keepdims', type: AttributeProto_AttributeType.INT, i: 0n, ints: [] as bigint[] }];
  const inputs = ['embedding/over_time'];
  if (version < axesAsInput) {
    attribute.push({ name: 'axes', type: AttributeProto_AttributeType.INTS, i: 0n, ints: [1n] });
  } else {
    inputs.push('embedding/axis');
    graph.initializer.push(
      create(TensorProtoSchema, { name: 'embedding/axis', dims: [1n], dataType: dataTypes.int64, int64Data: [1n] }),
    );
  }
  graph.node.push(
    create(NodeProtoSchema, {
      name: 'embedding',
      opType: 'ReduceMean',
      input: inputs,
      output: ['embedding'],
      attribute,
    }),
  );
  graph.output = [
    create(ValueInfoProtoSchema, { name: 'embedding', ...meanType(found.type) }),
    ...graph.output.filter((one) => one !== found),
  ];
  return toBinary(ModelProtoSchema, model);
}

/** The type of a mean over the second of three axes. */
function meanType(type: TypeProto | undefined): { type?: TypeProto } {
  const tensor = type?.value.case === 'tensorType' ? type.value.value : undefined;
  if (type === undefined || tensor?.shape === undefined) return {};
  const [batch, , size] = tensor.shape.dim;
  tensor.shape.dim = [batch, size];
  return { type };
}

function renameValues(graph: GraphProto, names: ReadonlyMap<string, string>): void {
  const of = (name: string) => names.get(name) ?? name;
  for (const value of [...graph.input, ...graph.output, ...graph.initializer, ...graph.valueInfo]) {
    value.name = of(value.name);
  }
  for (const node of graph.node) {
    node.input = node.input.map(of);
    node.output = node.output.map(of);
    for (const { g, graphs } of node.attribute) {
      for (const inner of g === undefined ? graphs : [g, ...graphs]) renameValues(inner, names);
    }
  }
}
