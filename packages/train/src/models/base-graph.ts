import { create } from '@bufbuild/protobuf';
import { type Embedder, type EmbedderGraph, OptionError } from '@hearken/core';
import { dataTypes } from '@hearken/onnx';
import {
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from '@hearken/onnx/internal';
import { ancestors } from '../graph/paths.js';
import { parseModel } from '../graph/read-graph.js';
import { dataTypeOf } from '../graph/tensor-elements.js';
import { checkpointPrefix } from '../recipes/blocks.js';
import { findWeights } from './find-weights.js';

/** Input and output of every embedder's graph. */
export const signalName = 'signal';
export const embeddingName = 'embedding';
/** Names that a training adds; a model's own values with such a name get another. */
const added = new Set('logits loss targets mixingShare partners head.weight head.bias'.split(' '));
const quantised = /Integer|uantizeLinear$|^QLinear|^(?:QAttention|QGemm|MatMulNBits|QMoE|QOrdered)/;

/** A model as all of its networks begin: from the signal to the embedding, with its weights named `checkpoint/<name>`. */
export type BaseModel = ModelProto & { readonly graph: GraphProto };

/**
 * Takes from an embedder's graph what computes the embedding, and names its weights. Names that begin with
 * `checkpoint/` stay; without any, the weights are those that `findWeights` finds, with a name from their node where an
 * exporter numbered them.
 *
 * @throws OptionError for quantised weights, and for weights in 16 bits that are used so; CheckpointError for bytes that
 *   are not an ONNX model
 */
export function baseModel({ model }: EmbedderGraph, provenance: Embedder['provenance']): BaseModel {
  const name = `${provenance.plugin}:${provenance.model}`;
  const asked = `to train ${name}`;
  const proto = parseModel(model, asked);
  const { graph } = proto;
  refuseQuantised(graph, asked, provenance.options.precision !== undefined);
  prune(graph);
  const initializers = new Set(graph.initializer.map((tensor) => tensor.name));
  graph.input = graph.input.filter((input) => !initializers.has(input.name));
  const names = new Map<string, string>();
  if (![...initializers].some((one) => one.startsWith(checkpointPrefix))) nameWeights(graph, names);
  for (const value of valuesOf(graph)) if (added.has(value)) names.set(value, `${value}/of_model`);
  rename(graph, names);
  refuseHalf(graph, asked);
  // Sizes that an exporter noted are those of another batch, and a training infers them.
  graph.valueInfo = [];
  return proto;
}

function refuseQuantised({ node, initializer }: GraphProto, asked: string, hasOption: boolean): void {
  const found = node.find(({ opType }) => quantised.test(opType));
  const packed = initializer.find(({ dataType }) => ['int8', 'uint8'].includes(dataTypeOf(dataType) ?? ''));
  if (found === undefined) return;
  throw new OptionError({
    asked,
    found: `weights quantised to integers${packed === undefined ? '' : `, such as '${packed.name}'`}, which have no gradient (node '${found.name}', ${found.opType})`,
    fix: hasOption
      ? `load it with option precision fp32: --options '{"precision":"fp32"}'`
      : 'pass the model as it was before it was quantised, in float32',
  });
}

/** Weights may be stored in 16 bits, if the graph casts them before use; gradients are computed in 32. */
function refuseHalf({ node, initializer }: GraphProto, asked: string): void {
  const half = initializer.filter(
    ({ name, dataType }) => name.startsWith(checkpointPrefix) && dataType !== dataTypes.float32,
  );
  const names = new Set(half.map(({ name }) => name));
  const user = node.find(({ opType, input }) => opType !== 'Cast' && input.some((name) => names.has(name)));
  if (user === undefined) return;
  const weight = half.find(({ name }) => user.input.includes(name))!;
  throw new OptionError({
    asked,
    found: `'${plain(weight.name)}' of ${dataTypeOf(weight.dataType) ?? 'another type'} in node '${user.name}' (${user.opType}), and gradients are computed in float32`,
    fix: 'export the model in float32',
  });
}

/** Leaves only what the embedding is computed from. */
function prune(graph: GraphProto): void {
  const producers = new Map(graph.node.flatMap((node) => node.output.map((name) => [name, node] as const)));
  const { nodes, values } = ancestors([embeddingName], producers, () => false);
  graph.node = graph.node.filter((node) => nodes.has(node));
  graph.initializer = graph.initializer.filter(({ name }) => values.has(name));
  graph.output = graph.output.filter(({ name }) => name === embeddingName);
  graph.input = graph.input.filter(({ name }) => values.has(name) || name === signalName);
}

function nameWeights(graph: GraphProto, names: Map<string, string>): void {
  const users = new Map<string, NodeProto>();
  for (const node of graph.node) for (const name of node.input) if (!users.has(name)) users.set(name, node);
  const taken = new Set(valuesOf(graph));
  for (const weight of findWeights(graph)) {
    const scoped = scopedName(weight, users.get(weight));
    const chosen = [scoped, weight].map((one) => `${checkpointPrefix}${one}`).find((one) => !taken.has(one))!;
    taken.add(chosen);
    names.set(weight, chosen);
  }
}

/** `onnx::MatMul_214` of node `/encoder/layers.0/query/MatMul`, as PyTorch exports it: `encoder.layers.0.query.weight`. */
function scopedName(weight: string, user: NodeProto | undefined): string {
  const isNumbered = /^(?:onnx::\w+|val_\d+|\d+)$/.test(weight);
  const scope =
    user?.name
      .split('/')
      .filter((part) => part !== '')
      .slice(0, -1) ?? [];
  return isNumbered && scope.length > 0 ? `${scope.join('.')}.weight` : weight;
}

function rename(graph: GraphProto, names: ReadonlyMap<string, string>): void {
  const of = (name: string) => names.get(name) ?? name;
  for (const tensor of graph.initializer) tensor.name = of(tensor.name);
  for (const node of graph.node) {
    node.input = node.input.map(of);
    node.output = node.output.map(of);
    for (const { g, graphs } of node.attribute) {
      for (const inner of g === undefined ? graphs : [g, ...graphs]) rename(inner, names);
    }
  }
}

function valuesOf({ node, initializer }: GraphProto): string[] {
  return [...node.flatMap(({ output }) => output), ...initializer.map(({ name }) => name)];
}

/** Weights of a base model: the initializers that a training may change, and running statistics. */
export function weightsOf({ graph }: BaseModel): TensorProto[] {
  return graph.initializer.filter(({ name }) => name.startsWith(checkpointPrefix));
}

/** A weight's name without `checkpoint/`. */
export function plain(name: string): string {
  return name.startsWith(checkpointPrefix) ? name.slice(checkpointPrefix.length) : name;
}

/** An input or output of a graph, float32. */
export function valueInfo(name: string, shape: readonly (number | string)[]): ValueInfoProto {
  const dim = shape.map((size) =>
    typeof size === 'number'
      ? { value: { case: 'dimValue' as const, value: BigInt(size) } }
      : { value: { case: 'dimParam' as const, value: size } },
  );
  const value = { case: 'tensorType' as const, value: { elemType: dataTypes.float32, shape: { dim } } };
  return create(ValueInfoProtoSchema, { name, type: { value } });
}
