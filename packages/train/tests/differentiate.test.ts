import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { CheckpointError, OptionError } from '@hearken/core';
import { add, fastGelu, GraphBuilder, linear, multiply, type Value } from '@hearken/onnx';
import { ModelProtoSchema } from '@hearken/onnx/internal';
import { describe, expect, it } from 'vitest';
import { differentiate, differentiableOperators, listParameters } from '../src/index.js';
import { writeAttribute } from '../src/graph/attributes.js';
import { runOnce } from './support/run-training.js';

/** sum(layer(x w)) with a batch that is only named. */
function model(layer: (graph: GraphBuilder, value: Value) => Value) {
  const graph = new GraphBuilder('model');
  const weight = graph.constant([1, 2, 3, 4], [2, 2], 'first.weight');
  const output = layer(graph, linear(graph, graph.input('x', ['n', 2]), weight));
  graph.output('y', output, ['n', 2]);
  graph.output('loss', graph.node('ReduceSum', [output], { attributes: { keepdims: 0n } }), []);
  return { bytes: graph.build(), weight: weight.name };
}

const plain = model((_, value) => value);
const options = { loss: 'loss', parameters: [plain.weight], dimensions: { n: 3 } };
const nodesOf = (bytes: Uint8Array) => fromBinary(ModelProtoSchema, bytes).graph!.node.map(({ opType }) => opType);
const x = { data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [3, 2] };

describe('differentiate refuses', () => {
  it('a dimension without a size, by its name', () => {
    const act = () => differentiate(plain.bytes, { ...options, dimensions: {} });
    expect(act).toThrow(OptionError);
    expect(act).toThrow(/input 'x' .*dimension 'n' without a size; state it in dimensions/);
  });

  it('an unknown parameter, with the nearest name', () => {
    const act = () => differentiate(plain.bytes, { ...options, parameters: [plain.weight.replace('first', 'frist')] });
    expect(act).toThrow(/parameter 'checkpoint\/frist.*did you mean 'checkpoint\/first/);
  });

  it('no parameters, an unknown output, and a loss of several elements', () => {
    expect(() => differentiate(plain.bytes, { ...options, parameters: [] })).toThrow(/name at least one/);
    expect(() => differentiate(plain.bytes, { ...options, loss: 'los' })).toThrow(/did you mean 'loss'/);
    expect(() => differentiate(plain.bytes, { ...options, loss: 'y' })).toThrow(/shape \[3,2\].*one element/);
  });

  it('batch norms without statistics, naming the node', () => {
    const { bytes, weight } = model((graph, value) => graph.node('BatchNormalization', [value]));
    const act = () => differentiate(bytes, { ...options, parameters: [weight], batchStatistics: { momentum: 0.1 } });
    expect(act).toThrow(OptionError);
    expect(act).toThrow(/BatchNormalization_\d+.*no input 3/);
  });

  it('an operator without gradient, naming its node and those that have one', () => {
    const { bytes, weight } = model((graph, value) => graph.node('Sign', [value]));
    const act = () => differentiate(bytes, { ...options, parameters: [weight] });
    expect(act).toThrow(/gradients through node 'Sign_\d+' \(Sign\): .*Conv, ConvTranspose/);
  });

  it('quantised weights behind a parameter, and says what to build', () => {
    const { bytes, weight } = model((graph, value) => {
      const [rows, scale, zero] = graph.nodes('DynamicQuantizeLinear', [value], 3);
      const matrix = graph.bytes(Int8Array.of(1, 2, 3, 4), [2, 2]);
      const product = graph.node('MatMulInteger', [rows, matrix, zero]);
      return multiply(graph, graph.node('Cast', [product], { attributes: { to: 1n } }), scale);
    });
    const act = () => differentiate(bytes, { ...options, parameters: [weight] });
    expect(act).toThrow(/\(DynamicQuantizeLinear\): .*quantised weights.*precision fp32/);
  });

  it('bytes that are not a model, and operators that are too old', () => {
    expect(() => differentiate(Uint8Array.of(255, 255), options)).toThrow(CheckpointError);
    const old = fromBinary(ModelProtoSchema, plain.bytes);
    old.opsetImport[0].version = 9n;
    expect(() => differentiate(toBinary(ModelProtoSchema, old), options)).toThrow(/version 9; convert it/);
  });
});

describe('differentiate', () => {
  it('leaves what is not differentiated as it is', () => {
    const graph = new GraphBuilder('two');
    const frozen = graph.external({
      name: 'a',
      dataType: 'float32',
      shape: [2, 2],
      offset: 64,
      byteLength: 16,
      location: 'w',
    });
    const features = fastGelu(graph, linear(graph, graph.input('x', ['n', 2]), frozen));
    const head = graph.constant([1, 1], [1, 2], 'head.weight');
    graph.output(
      'loss',
      graph.node('ReduceMean', [linear(graph, features, head)], { attributes: { keepdims: 0n } }),
      [],
    );
    const { model: written } = differentiate(graph.build(), {
      loss: 'loss',
      parameters: [head.name],
      dimensions: { n: 4 },
    });
    expect(nodesOf(written)).toContain('FastGelu');
    const [{ name, externalData }] = fromBinary(ModelProtoSchema, written).graph!.initializer;
    expect(name).toBe('checkpoint/a');
    expect(externalData).toHaveLength(3);
  });

  it('adds up the gradients of a parameter that is used twice', async () => {
    const graph = new GraphBuilder('twice');
    const weight = graph.constant([2, 3], [2], 'weight');
    graph.output(
      'loss',
      graph.node('ReduceSum', [add(graph, multiply(graph, weight, weight), weight)], { attributes: { keepdims: 0n } }),
      [],
    );
    const training = differentiate(graph.build(), { loss: 'loss', parameters: [weight.name] });
    const found = await runOnce(training.model, { [weight.name]: { data: Float32Array.of(2, 3), shape: [2] } });
    expect(Array.from(found[training.parameters[0].gradient].data as Float32Array)).toEqual([5, 7]);
    expect(found.loss.data[0]).toBe(18);
    // At most the weight, the loss, the gradient, and what lies between: each of 8 bytes or less.
    expect(training.peakBytes).toBeGreaterThan(8 + 4 + 8);
    expect(training.peakBytes).toBeLessThan(100);
  });

  it('passes no gradient through detached values', async () => {
    const graph = new GraphBuilder('detached');
    const weight = graph.constant([2, 3], [2], 'weight');
    const copy = graph.node('Identity', [weight]);
    graph.output(
      'loss',
      graph.node('ReduceSum', [multiply(graph, weight, copy)], { attributes: { keepdims: 0n } }),
      [],
    );
    const training = differentiate(graph.build(), { loss: 'loss', parameters: [weight.name], detached: [copy.name] });
    const found = await runOnce(training.model, { [weight.name]: { data: Float32Array.of(2, 3), shape: [2] } });
    expect(Array.from(found[training.parameters[0].gradient].data as Float32Array)).toEqual([2, 3]);
  });

  it('lists parameters that the loss does not depend on', () => {
    const graph = new GraphBuilder('unused');
    const [used, unused] = ['used', 'unused'].map((name) => graph.constant([1], [1], name));
    graph.output('loss', multiply(graph, used, used), [1]);
    graph.output('other', multiply(graph, unused, unused), [1]);
    const training = differentiate(graph.build(), {
      loss: 'loss',
      outputs: ['loss', 'other'],
      parameters: [used.name, unused.name],
    });
    expect(training.parameters.map(({ name }) => name)).toEqual([used.name]);
    expect(training.withoutGradient).toEqual([unused.name]);
  });

  it('follows shapes that a model computes, and reads operators of version 17', async () => {
    const { bytes, weight } = model((graph, value) => {
      const batch = graph.node('Gather', [graph.node('Shape', [value]), graph.integers([0])], {
        attributes: { axis: 0n },
      });
      const shape = graph.node('Concat', [batch, graph.integers([1, -1])], { attributes: { axis: 0n } });
      return graph.node('ReduceMean', [graph.node('Reshape', [value, shape])], { attributes: { keepdims: 0n } });
    });
    const old = fromBinary(ModelProtoSchema, bytes);
    old.opsetImport[0].version = 17n;
    const mean = old.graph!.node.find(({ opType }) => opType === 'ReduceMean')!;
    mean.attribute.push(writeAttribute('axes', [1n]));
    const training = differentiate(toBinary(ModelProtoSchema, old), {
      ...options,
      outputs: ['y'],
      parameters: [weight],
    });
    expect(nodesOf(training.model)).not.toContain('Shape');
    const found = await runOnce(training.model, { x, [weight]: { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] } });
    expect(found.y.shape).toEqual([3, 2]);
    expect(Array.from(found[`grad/${weight}`].data as Float32Array)).toEqual([9, 12, 9, 12]);
  });

  it('has a gradient for what it lists', () => {
    expect(differentiableOperators).toContain('com.microsoft.MultiHeadAttention');
    expect(differentiableOperators).not.toContain('Shape');
    expect([...differentiableOperators].sort()).toEqual(differentiableOperators);
  });
});

describe('listParameters', () => {
  it('lists weights of checkpoints, or all floats of other models', () => {
    expect(listParameters(plain.bytes).map(({ name, shape }) => [name, shape])).toEqual([[plain.weight, [2, 2]]]);
    const graph = new GraphBuilder('other');
    graph.output('y', add(graph, graph.input('x', [2]), graph.constant([1, 2])), [2]);
    expect(listParameters(graph.build())).toHaveLength(1);
  });
});
