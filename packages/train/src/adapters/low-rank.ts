import { create, toBinary } from '@bufbuild/protobuf';
import { OptionError } from '@hearken/core';
import {
  type GraphProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  ValueInfoProtoSchema,
} from '@hearken/onnx/internal';
import { integerOf, readAttributes, writeAttribute } from '../graph/attributes.js';
import { parseModel } from '../graph/read-graph.js';

/** Settings of low-rank adapters. */
export interface LowRankOptions {
  /** Names of the matrices that get an adapter: initializers that a `Gemm` or `MatMul` multiplies by. */
  readonly matrices: readonly string[];
  /** Inner width of an adapter. */
  readonly rank: number;
  /** Factor of an adapter's output: alpha / rank in PEFT's terms. */
  readonly scale: number;
}

/** The two matrices of an adapter, inputs of the model. */
export interface LowRankAdapter {
  /** Name of the matrix that it adapts. */
  readonly matrix: string;
  /** `[rank, inputs]`; drawn at random before training. */
  readonly down: AdapterMatrix;
  /** `[outputs, rank]`; zeros before training. */
  readonly up: AdapterMatrix;
  /** Whether the matrix is stored as `[outputs, inputs]`; else as `[inputs, outputs]`. */
  readonly isTransposed: boolean;
}

/** One matrix of an adapter. */
export interface AdapterMatrix {
  /** Name of the model's input. */
  readonly name: string;
  /** Its rows and columns. */
  readonly shape: readonly number[];
}

/** A model with adapters. */
export interface AdaptedModel {
  /** Serialised ONNX model. */
  readonly model: Uint8Array<ArrayBuffer>;
  /** Its adapters, in the order of the matrices. */
  readonly adapters: readonly LowRankAdapter[];
}

/**
 * Adds low-rank adapters to linear layers of a model (LoRA; Hu et al. 2021, arXiv 2106.09685): `x W' + b` becomes `x W' +
 * b + scale (x A') B'`. `A` and `B` become inputs of the model, named as PEFT does: `<module>.lora_A.weight` and
 * `<module>.lora_B.weight`.
 *
 * @throws OptionError for a matrix that the model doesn't multiply by, or for a rank that is no positive integer;
 *   CheckpointError for bytes that are not an ONNX model
 */
export function addLowRankAdapters(model: Uint8Array, { matrices, rank, scale }: LowRankOptions): AdaptedModel {
  if (!Number.isInteger(rank) || rank < 1) {
    throw new OptionError({ asked: `adapters of rank ${rank}`, found: 'not a rank', fix: 'pass an integer from 1' });
  }
  const proto = parseModel(model, 'a model to adapt');
  const { graph } = proto;
  const adapters = matrices.map((matrix) => addAdapter(graph, matrix, rank, scale));
  if (!proto.opsetImport.some(({ domain }) => domain === runtimeDomain)) {
    proto.opsetImport.push(create(OperatorSetIdProtoSchema, { domain: runtimeDomain, version: 1n }));
  }
  return { model: toBinary(ModelProtoSchema, proto), adapters };
}

const runtimeDomain = 'com.microsoft';

function addAdapter(graph: GraphProto, matrix: string, rank: number, scale: number): LowRankAdapter {
  const found = findProduct(graph, matrix);
  const { node, index, isTransposed, dims } = found;
  const [outputs, inputs] = isTransposed ? dims : [dims[1], dims[0]];
  const module = matrix.replace(/^checkpoint\//, '').replace(/\.weight$/, '');
  const down = { name: `${module}.lora_A.weight`, shape: [rank, inputs] };
  const up = { name: `${module}.lora_B.weight`, shape: [outputs, rank] };
  graph.input.push(...[down, up].map(({ name, shape }) => inputInfo(name, shape)));
  const [output] = node.output;
  const [plain, narrow] = [`${output}/without_adapter`, `${output}/adapter`];
  node.output[0] = plain;
  // Nodes need names of their own, and that of a product is often its output's.
  const adapted = `${output}/with_adapter`;
  const product = (name: string, left: string, right: string, alpha: number) =>
    create(NodeProtoSchema, {
      name,
      opType: 'FusedMatMul',
      domain: runtimeDomain,
      input: [left, right],
      output: [name],
      attribute: [writeAttribute('transB', 1n), writeAttribute('alpha', alpha)],
    });
  const first = product(narrow, node.input[0], down.name, 1);
  const last =
    node.opType === 'Gemm'
      ? [
          create(NodeProtoSchema, {
            name: adapted,
            opType: 'Gemm',
            input: [narrow, up.name, plain],
            output: [output],
            attribute: [writeAttribute('transB', 1n), writeAttribute('alpha', scale)],
          }),
        ]
      : [
          product(`${output}/wide`, narrow, up.name, scale),
          create(NodeProtoSchema, {
            name: adapted,
            opType: 'Add',
            input: [plain, `${output}/wide`],
            output: [output],
          }),
        ];
  graph.node.splice(index + 1, 0, first, ...last);
  return { matrix, down, up, isTransposed };
}

/** The product with a matrix, whose stored type may be cast first. */
function findProduct(graph: GraphProto, matrix: string) {
  const tensor = graph.initializer.find(({ name }) => name === matrix);
  const casts = graph.node.filter(({ opType, input }) => opType === 'Cast' && input[0] === matrix);
  const names = new Set([matrix, ...casts.flatMap(({ output }) => output)]);
  const index = graph.node.findIndex((node) => isProduct(node) && names.has(node.input[1]));
  const dims = tensor?.dims.map(Number) ?? [];
  if (index < 0 || dims.length !== 2) {
    throw new OptionError({
      asked: `an adapter for '${matrix}'`,
      found: tensor === undefined ? 'no such matrix in the model' : 'a tensor that is not the matrix of a linear layer',
      fix: 'name weights of linear layers, as listParameters lists them',
    });
  }
  const node = graph.node[index];
  const isTransposed = integerOf({ attributes: readAttributes(node.attribute) }, 'transB', 0) !== 0;
  return { node, index, isTransposed, dims };
}

function isProduct({ opType, attribute }: NodeProto): boolean {
  if (opType === 'MatMul') return true;
  return opType === 'Gemm' && integerOf({ attributes: readAttributes(attribute) }, 'transA', 0) === 0;
}

function inputInfo(name: string, shape: readonly number[]) {
  const dim = shape.map((size) => ({ value: { case: 'dimValue' as const, value: BigInt(size) } }));
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: 'tensorType', value: { elemType: 1, shape: { dim } } } },
  });
}
