// The runtime's attention, with shares kept and computed again, against attention written out.
import { add, GraphBuilder, multiply, type Tensor, type Value, writtenAttention } from '@hearken/onnx';
import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from '@hearken/onnx/internal';
import { expect, it } from 'vitest';
import { deviation } from '../../../../tests/support/training-fixtures.js';
import { differentiate } from '../../src/index.js';
import { runOnce } from '../support/run-training.js';

const [batch, tokens, heads, width] = [2, 5, 2, 6];
const names = ['query', 'key', 'value', 'bias'] as const;
const shapes = { query: [batch, tokens, width], bias: [1, heads, tokens, tokens] };
const shapeOf = (name: string) => (name === 'bias' ? shapes.bias : shapes.query);

/** Values that look random. */
function values(shape: readonly number[], seed: number): Tensor {
  const data = Float32Array.from({ length: shape.reduce((size, one) => size * one, 1) }, (_, index) =>
    Math.sin(12.9898 * (index + 1) * seed),
  );
  return { data, shape };
}

/** The loss is a weighted sum of attention. */
function attentionModel(attend: (graph: GraphBuilder, inputs: readonly Value[]) => Value) {
  const graph = new GraphBuilder('attention');
  const inputs = names.map((name) => graph.input(name, shapeOf(name)));
  const weights = graph.constant(values(shapes.query, 5).data as Float32Array, shapes.query);
  const weighted = multiply(graph, attend(graph, inputs), weights);
  graph.output('loss', graph.node('ReduceSum', [weighted], { attributes: { keepdims: 0n } }), []);
  return graph.build();
}

const fused = attentionModel((graph, [query, key, value, bias]) =>
  graph.node('MultiHeadAttention', [query, key, value, undefined, undefined, bias], {
    domain: 'com.microsoft',
    attributes: { num_heads: BigInt(heads) },
  }),
);
const written = attentionModel((graph, [query, key, value, bias]) => {
  const flat = (one: Value) => graph.node('Reshape', [one, graph.integers([-1, width])]);
  const projected = { query: flat(query), key: flat(key), value: flat(value) };
  const attended = writtenAttention(
    graph,
    projected,
    { tokens, width, heads },
    { scoreBias: add(graph, bias, graph.constant(0)) },
  );
  return graph.node('Reshape', [attended, graph.integers(shapes.query)]);
});

const given = Object.fromEntries(names.map((name, index) => [name, values(shapeOf(name), index + 1)]));

it.each([true, false])('has the gradients of what is written out (computed again: %s)', async (recomputeAttention) => {
  const choice = { loss: 'loss', parameters: names };
  const training = differentiate(fused, { ...choice, recomputeAttention });
  const types = fromBinary(ModelProtoSchema, training.model).graph!.node.map(({ opType }) => opType);
  expect(types.includes('MultiHeadAttention')).toBe(recomputeAttention);
  const found = await runOnce(training.model, given);
  const expected = await runOnce(differentiate(written, choice).model, given);
  for (const name of ['loss', ...names.map((one) => `grad/${one}`)]) {
    const far = deviation(found[name].data as Float32Array, expected[name].data as Float32Array);
    expect([name, far < 2e-6, far]).toEqual([name, true, far]);
  }
});

it('needs less memory if shares are computed again', () => {
  const bytes = (recomputeAttention: boolean) => {
    const graph = new GraphBuilder('layers');
    let value = graph.input('x', [1, 64, 8]);
    for (let layer = 0; layer < 4; layer += 1) {
      value = graph.node('MultiHeadAttention', [value, value, value], {
        domain: 'com.microsoft',
        attributes: { num_heads: 2n },
      });
    }
    graph.output('loss', graph.node('ReduceSum', [value], { attributes: { keepdims: 0n } }), []);
    return differentiate(graph.build(), { loss: 'loss', parameters: ['x'], recomputeAttention }).peakBytes;
  };
  const shares = 4 * 2 * 64 * 64;
  expect(bytes(false)).toBeGreaterThan(4 * shares);
  expect(bytes(true)).toBeLessThan(bytes(false) - 2.5 * shares);
});

it('refuses masks of padding, naming the node', () => {
  const model = attentionModel((graph, [query, key, value]) =>
    graph.node('MultiHeadAttention', [query, key, value, undefined, graph.integers([1])], {
      domain: 'com.microsoft',
      attributes: { num_heads: BigInt(heads) },
    }),
  );
  expect(() => differentiate(model, { loss: 'loss', parameters: ['query'] })).toThrow(
    /MultiHeadAttention.*mask of padding.*write the attention out/,
  );
});
