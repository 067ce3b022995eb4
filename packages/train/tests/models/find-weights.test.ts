import { create, toBinary } from '@bufbuild/protobuf';
import { convolution, GraphBuilder, layerNorm, matmul, mean, multiply, pcen, relu, type Value } from '@hearken/onnx';
import { ModelProtoSchema } from '@hearken/onnx/internal';
import { describe, expect, it } from 'vitest';
import { baseModel, weightsOf } from '../../src/models/base-graph.js';
import { findWeights } from '../../src/models/find-weights.js';
import { parseModel } from '../../src/graph/read-graph.js';
import { spectralModel } from '../support/spectral-model.js';

/** A graph `signal` `[n, 1, 64]` to `embedding`, whose constants are told apart by their shapes. */
function found(build: (graph: GraphBuilder, signal: Value) => Value): string[] {
  const graph = new GraphBuilder('made-up');
  graph.output('embedding', build(graph, graph.input('signal', ['n', 1, 64])), ['n', 'size']);
  const proto = parseModel(graph.build(), 'a test');
  const shapes = new Map(proto.graph.initializer.map(({ name, dims }) => [name, dims.join('x')]));
  return findWeights(proto.graph).map((name) => shapes.get(name)!);
}

const filled = (graph: GraphBuilder, ...shape: number[]) =>
  graph.constant(new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(0.1), shape);

describe('weights of a graph that does not name them', () => {
  it('leave out windows, transforms, mel filters and scales of a front end', () => {
    const proto = parseModel(spectralModel(), 'a test');
    const shapes = new Map(proto.graph.initializer.map(({ name, dims }) => [name, dims.join('x')]));
    expect(findWeights(proto.graph).map((name) => shapes.get(name))).toEqual(
      // Three layers on frames, the last one, and the norm.
      ['6x8', '8', '8x8', '8', '8x8', '8', '8x8', '8', '8', '8'],
    );
  });

  it('leave out a convolution that computes a spectrum, and PCEN behind it', () => {
    const weights = found((graph, signal) => {
      const [real, imaginary] = [8, 9].map((kernel) => {
        const wave = convolution(graph, signal, filled(graph, 5, 1, kernel), [kernel], { padding: [4] });
        const cut = graph.node('Slice', [wave, graph.integers([0]), graph.integers([64]), graph.integers([2])]);
        return multiply(graph, cut, cut);
      });
      const power = graph.node('Transpose', [graph.node('Add', [real, imaginary])], {
        attributes: { perm: [0n, 2n, 1n] },
      });
      const mel = graph.node('Transpose', [matmul(graph, power, filled(graph, 5, 3))], {
        attributes: { perm: [0n, 2n, 1n] },
      });
      const options = { frames: 32, alpha: 0.98, smoothing: 0.04, delta: 2, root: 2, floor: 1e-6 };
      const compressed = pcen(graph, mel, options);
      return mean(graph, relu(graph, convolution(graph, compressed, filled(graph, 7, 3, 2), [2])), [2]);
    });
    expect(weights).toEqual(['7x3x2']);
  });

  it('are those of convolutions on the waveform itself, with a norm that is written out', () => {
    const weights = found((graph, signal) => {
      const wave = convolution(graph, signal, filled(graph, 4, 1, 8), [8], { bias: filled(graph, 4) });
      const centred = graph.node('Sub', [wave, mean(graph, wave, [1], true)]);
      const variance = mean(graph, graph.node('Pow', [centred, graph.constant(2)]), [1], true);
      const deviation = graph.node('Sqrt', [graph.node('Add', [variance, graph.constant(1e-5)])]);
      const normed = multiply(graph, graph.node('Div', [centred, deviation]), filled(graph, 4, 1));
      return mean(graph, graph.node('Gelu', [convolution(graph, normed, filled(graph, 6, 4, 3), [3])]), [2]);
    });
    expect(weights).toEqual(['4x1x8', '4', '4x1', '6x4x3']);
  });

  it('have embeddings of positions and a class token among them', () => {
    const weights = found((graph, signal) => {
      const patches = matmul(graph, signal, filled(graph, 64, 5));
      const token = graph.node('Expand', [filled(graph, 1, 1, 5), graph.integers([1, 1, 5])]);
      const tokens = graph.node('Concat', [token, patches], { attributes: { axis: 1n } });
      const placed = graph.node('Add', [tokens, filled(graph, 1, 2, 5)]);
      return mean(graph, layerNorm(graph, placed, { scale: filled(graph, 5), bias: filled(graph, 5) }, 1e-6), [1]);
    });
    expect(weights).toEqual(['64x5', '1x1x5', '1x2x5', '5', '5']);
  });

  it('are everything that layers use, if nothing else is left', () => {
    const weights = found((graph, signal) => {
      const wave = convolution(graph, signal, filled(graph, 4, 1, 8), [8]);
      return mean(graph, graph.node('Log', [graph.node('Add', [multiply(graph, wave, wave), graph.constant(1)])]), [2]);
    });
    expect(weights).toEqual(['4x1x8']);
  });

  it('are none in a model without layers', () => {
    expect(found((graph, signal) => mean(graph, multiply(graph, signal, filled(graph, 64)), [2]))).toEqual([]);
  });
});

it('names numbered weights of an exporter by their node', () => {
  const proto = parseModel(spectralModel(), 'a test');
  const product = proto.graph.node.filter(({ opType }) => opType === 'MatMul').at(-1)!;
  product.name = '/encoder/layers.1/query/MatMul';
  const weight = proto.graph.initializer.find(({ name }) => name === product.input[1])!;
  weight.name = product.input[1] = 'onnx::MatMul_214';
  const model = toBinary(ModelProtoSchema, create(ModelProtoSchema, proto));
  const provenance = { plugin: 'a', model: 'b', options: {} } as never;
  const names = weightsOf(baseModel({ model, signalShape: [160] }, provenance)).map(({ name }) => name);
  expect(names).toContain('checkpoint/encoder.layers.1.query.weight');
  expect(names.every((name) => name.startsWith('checkpoint/'))).toBe(true);
});
