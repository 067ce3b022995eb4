import { describe, expect, it } from 'vitest';
import {
  add,
  type EncoderLayer,
  type EncoderShape,
  type GraphBuilder,
  layerNorm,
  linear,
  multiHeadAttention,
  type NormWeights,
  postNormEncoder,
  preNormEncoder,
  relu,
  type Value,
} from '../../src/node.js';
import { farthest, noise, runGraph } from '../run-graph.js';

const shape: EncoderShape = { tokens: 3, width: 4, heads: 2, activation: 'relu', normEpsilon: 1e-5 };
const { width } = shape;
const input = { data: noise(2 * shape.tokens * width), shape: [2 * shape.tokens, width] };

function makeLayer(graph: GraphBuilder, seed: number): EncoderLayer {
  const made = (outputs: number, inputs: number, offset: number) => ({
    weight: graph.constant(noise(outputs * inputs, seed + offset), [outputs, inputs]),
    bias: graph.constant(noise(outputs, seed + offset + 0.5)),
  });
  return {
    attentionNorm: makeNorm(graph, seed + 1),
    query: made(width, width, 2),
    key: { weight: made(width, width, 3).weight },
    value: made(width, width, 4),
    attentionOutput: made(width, width, 5),
    feedForwardNorm: makeNorm(graph, seed + 6),
    intermediate: made(7, width, 7),
    output: made(width, 7, 8),
  };
}

function makeNorm(graph: GraphBuilder, seed: number): NormWeights {
  return { scale: graph.constant(noise(width, seed)), bias: graph.constant(noise(width, seed + 0.25)) };
}

const attention = (graph: GraphBuilder, x: Value, layer: EncoderLayer) => {
  const projected = {
    query: linear(graph, x, layer.query.weight, layer.query.bias),
    key: linear(graph, x, layer.key.weight),
    value: linear(graph, x, layer.value.weight, layer.value.bias),
  };
  const { weight, bias } = layer.attentionOutput;
  return linear(graph, multiHeadAttention(graph, projected, shape), weight, bias);
};
const feedForward = (graph: GraphBuilder, x: Value, { intermediate, output }: EncoderLayer) =>
  linear(graph, relu(graph, linear(graph, x, intermediate.weight, intermediate.bias)), output.weight, output.bias);

describe('encoders', () => {
  it('pre-norm: x + attention(norm(x)), then x + feedForward(norm(x)), and a last norm', async () => {
    const found = await runGraph(input, (graph, x) =>
      preNormEncoder(graph, x, [makeLayer(graph, 10), makeLayer(graph, 30)], makeNorm(graph, 50), shape),
    );
    const expected = await runGraph(input, (graph, signal) => {
      let x = signal;
      const norm = (weights: NormWeights) => layerNorm(graph, x, weights, shape.normEpsilon);
      for (const layer of [makeLayer(graph, 10), makeLayer(graph, 30)]) {
        x = add(graph, x, attention(graph, norm(layer.attentionNorm), layer));
        x = add(graph, x, feedForward(graph, norm(layer.feedForwardNorm), layer));
      }
      return norm(makeNorm(graph, 50));
    });
    expect(farthest(found.data, expected.data)).toBeLessThan(1e-5);
  });

  it('post-norm: norm(x + attention(x)), then norm(x + feedForward(x)), every layer given', async () => {
    for (const count of [1, 2]) {
      const found = await runGraph(input, (graph, x) => {
        const layers = [makeLayer(graph, 10), makeLayer(graph, 30)];
        return postNormEncoder(graph, x, layers, shape)[count - 1];
      });
      const expected = await runGraph(input, (graph, signal) => {
        let x = signal;
        for (const layer of [makeLayer(graph, 10), makeLayer(graph, 30)].slice(0, count)) {
          x = layerNorm(graph, add(graph, x, attention(graph, x, layer)), layer.attentionNorm, shape.normEpsilon);
          x = layerNorm(graph, add(graph, x, feedForward(graph, x, layer)), layer.feedForwardNorm, shape.normEpsilon);
        }
        return x;
      });
      expect(farthest(found.data, expected.data)).toBeLessThan(1e-5);
    }
  });
});
