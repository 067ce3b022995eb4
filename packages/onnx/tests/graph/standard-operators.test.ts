import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { OptionError } from '@hearken/core';
import { expect, it } from 'vitest';
import {
  AttributeProto_AttributeType as AttributeType,
  FunctionProtoSchema,
  type GraphProto,
  ModelProtoSchema,
  NodeProtoSchema,
} from '../../src/graph/generated/onnx_pb.js';
import { createNodeSession, GraphBuilder, readOnnxHeader, type Value, withStandardOperators } from '../../src/node.js';
import { farthest, noise } from '../run-graph.js';

const domain = 'com.microsoft';

function model(build: (graph: GraphBuilder, input: Value) => Value, shape: readonly (number | string)[]): Uint8Array {
  const graph = new GraphBuilder('test');
  graph.output('y', build(graph, graph.input('x', shape)), ['any']);
  return graph.build();
}

async function answer(bytes: Uint8Array, shape: readonly number[]): Promise<Float32Array> {
  const data = noise(
    shape.reduce((size, dimension) => size * dimension, 1),
    3,
  ).map((value) => 3 * value);
  // Without fusions, so that what is written is what runs.
  const session = await createNodeSession(bytes, { threads: 1, graphOptimization: 'disabled' });
  const { y } = await session.run({ x: { data, shape } });
  await session.dispose();
  return y.data as Float32Array;
}

const byteProduct = (graph: GraphBuilder, x: Value, more: readonly (Value | undefined)[]) => {
  const bytes = graph.node('QuantizeLinear', [x, graph.constant(0.02), graph.bytes(Uint8Array.of(100), [])]);
  const weight = graph.bytes(
    Uint8Array.from({ length: 12 * 4 }, (_, index) => (index * 37) % 256),
    [12, 4],
  );
  const scales = graph.constant([0.1, 0.2, 0.01, 0.5]);
  return graph.node('MatMulIntegerToFloat', [bytes, weight, graph.constant(0.02), scales, ...more], { domain });
};

const operators: Readonly<Record<string, (graph: GraphBuilder, input: Value) => Value>> = {
  FastGelu: (graph, x) => graph.node('FastGelu', [x], { domain }),
  'FastGelu with a bias': (graph, x) => graph.node('FastGelu', [x, graph.constant(noise(12))], { domain }),
  Gelu: (graph, x) => graph.node('Gelu', [x], { domain }),
  BiasGelu: (graph, x) => graph.node('BiasGelu', [x, graph.constant(noise(12))], { domain }),
  QuickGelu: (graph, x) => graph.node('QuickGelu', [x], { domain }),
  'QuickGelu of another slope': (graph, x) => graph.node('QuickGelu', [x], { domain, attributes: { alpha: 1.25 } }),
  MultiHeadAttention: (graph, x) =>
    graph.node('MultiHeadAttention', [x, graph.node('Sin', [x]), graph.node('Cos', [x])], {
      domain,
      attributes: { num_heads: 3n },
    }),
  'MultiHeadAttention of another scale': (graph, x) =>
    graph.node('MultiHeadAttention', [x, x, x], { domain, attributes: { num_heads: 2n, scale: 0.75 } }),
  MatMulIntegerToFloat: (graph, x) =>
    byteProduct(graph, x, [graph.bytes(Uint8Array.of(100), []), graph.bytes(Uint8Array.of(128), [])]),
  'MatMulIntegerToFloat with a bias': (graph, x) =>
    byteProduct(graph, x, [graph.bytes(Uint8Array.of(100), []), undefined, graph.constant([1, 2, 3, 4])]),
};

it.each(Object.entries(operators))('writes %s in the operators of the standard', async (_, operator) => {
  const fused = model(operator, ['n', 5, 12]);
  expect(readOnnxHeader(fused, 'fused').foreignOperators).toHaveLength(1);
  const standard = withStandardOperators(fused, 'fused');
  const { foreignOperators, opsets } = readOnnxHeader(standard, 'standard');
  expect(foreignOperators).toEqual([]);
  expect([...opsets.keys()]).toEqual(['']);
  for (const shape of [
    [2, 5, 12],
    [1, 5, 12],
  ]) {
    expect(farthest(await answer(standard, shape), await answer(fused, shape))).toBeLessThan(2e-5);
  }
});

it('gives back what is of the standard already, as it is', () => {
  const standard = model((graph, x) => graph.node('Relu', [x]), ['n']);
  expect(withStandardOperators(standard, 'standard')).toBe(standard);
});

it('rewrites the graphs inside of nodes too', async () => {
  const condition = model(
    (graph, x) => {
      const isPositive = graph.node('Greater', [
        graph.node('ReduceMax', [x], { attributes: { keepdims: 0n } }),
        graph.constant(0),
      ]);
      return graph.node('If', [isPositive]);
    },
    ['n', 12],
  );
  const outer = fromBinary(ModelProtoSchema, condition);
  const branch = (name: string): GraphProto => {
    const graph = new GraphBuilder(name);
    graph.output(name, graph.node('FastGelu', [{ name: 'x' }], { domain }), ['n', 12]);
    return fromBinary(ModelProtoSchema, graph.build()).graph!;
  };
  const node = outer.graph!.node.find(({ opType }) => opType === 'If')!;
  for (const name of ['then_branch', 'else_branch']) {
    node.attribute.push({
      ...create(NodeProtoSchema, { attribute: [{ name, type: AttributeType.GRAPH }] }).attribute[0],
      g: branch(name),
    });
  }
  outer.opsetImport.push({ ...outer.opsetImport[0], domain, version: 1n });
  const fused = toBinary(ModelProtoSchema, outer);
  expect(readOnnxHeader(fused, 'fused').foreignOperators).toEqual([{ domain, name: 'FastGelu', nodes: 2 }]);
  const standard = withStandardOperators(fused, 'fused');
  expect(readOnnxHeader(standard, 'standard').foreignOperators).toEqual([]);
  expect(farthest(await answer(standard, [2, 12]), await answer(fused, [2, 12]))).toBeLessThan(1e-6);
});

it('rewrites functions that the file defines, and keeps calls of them', async () => {
  const caller = fromBinary(
    ModelProtoSchema,
    model((graph, x) => graph.node('Bend', [x], { domain: 'my.own' }), ['n', 12]),
  );
  const [standardSet] = caller.opsetImport;
  caller.opsetImport.push({ ...standardSet, domain: 'my.own', version: 1n }, { ...standardSet, domain, version: 1n });
  // Field 4 and 5, inputs and outputs, are not among what is rewritten: they have to come through as they are.
  const names = Uint8Array.of(0x22, 1, 'a'.charCodeAt(0), 0x2a, 1, 'b'.charCodeAt(0));
  const body = create(FunctionProtoSchema, {
    name: 'Bend',
    domain: 'my.own',
    node: [{ opType: 'FastGelu', domain, input: ['a'], output: ['b'] }],
    opsetImport: [{ domain, version: 1n }],
  });
  caller.functions.push(fromBinary(FunctionProtoSchema, joined(toBinary(FunctionProtoSchema, body), names)));
  const fused = toBinary(ModelProtoSchema, caller);
  expect(readOnnxHeader(fused, 'fused').foreignOperators).toEqual([{ domain, name: 'FastGelu', nodes: 1 }]);
  const standard = withStandardOperators(fused, 'fused');
  expect(readOnnxHeader(standard, 'standard').foreignOperators).toEqual([]);
  expect(farthest(await answer(standard, [2, 12]), await answer(fused, [2, 12]))).toBeLessThan(1e-6);
});

it('names what has no form in the standard', () => {
  const masked = (graph: GraphBuilder, x: Value) =>
    graph.node('MultiHeadAttention', [x, x, x, undefined, graph.integers([1, 2])], {
      domain,
      attributes: { num_heads: 1n },
    });
  const causal = (graph: GraphBuilder, x: Value) =>
    graph.node('MultiHeadAttention', [x, x, x], { domain, attributes: { num_heads: 1n, unidirectional: 1n } });
  const others = (graph: GraphBuilder, x: Value) =>
    graph.node('Other', [graph.node('FusedConv', [x], { domain })], { domain: 'my.own' });
  for (const [build, found] of [
    [masked, 'com.microsoft MultiHeadAttention'],
    [causal, 'com.microsoft MultiHeadAttention'],
    [others, 'com.microsoft FusedConv, my.own Other'],
  ] as const) {
    const attempt = () => withStandardOperators(model(build, ['n', 5, 12]), 'net');
    expect(attempt).toThrow(OptionError);
    expect(attempt).toThrow(`${found}, which Hearken cannot express with those`);
  }
});

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}
