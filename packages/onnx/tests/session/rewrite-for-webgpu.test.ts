import { expect, it } from 'vitest';
import { createNodeSession, GraphBuilder } from '../../src/node.js';
import { rewriteForWebGpu } from '../../src/session/rewrite-for-webgpu.js';

function values(count: number, seed: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => Math.sin(seed + 1.7 * index + 0.01 * index * index));
}

/** What a graph with input `x` answers. */
async function answer(model: Uint8Array, shape: readonly number[]): Promise<number[]> {
  const session = await createNodeSession(model, { threads: 1, spin: false });
  const data = values(
    shape.reduce((size, dimension) => size * dimension, 1),
    3,
  );
  const { y } = await session.run({ x: { data, shape } });
  await session.dispose();
  return [...(y.data as Float32Array)];
}

async function expectSame(model: Uint8Array, shape: readonly number[], rewritten: boolean): Promise<void> {
  const other = rewriteForWebGpu(model);
  expect(other === model).toBe(!rewritten);
  const [expected, found] = [await answer(model, shape), await answer(other, shape)];
  expect(found).toHaveLength(expected.length);
  found.forEach((value, index) => {
    expect(value).toBeCloseTo(expected[index], 5);
  });
}

it.each([
  ['several outputs a group', 12, 4, 1, true],
  ['one output a group', 4, 4, 1, false],
  ['several inputs a group', 6, 2, 2, false],
] as const)('leaves a convolution with %s what it is', async (_name, outputs, groups, inputs, rewritten) => {
  const graph = new GraphBuilder('convolution');
  const channels = groups * inputs;
  const weight = graph.constant(values(outputs * inputs * 3, 1), [outputs, inputs, 3]);
  const attributes = { group: BigInt(groups), kernel_shape: [3n], strides: [2n] };
  const y = graph.node('Conv', [graph.input('x', ['n', channels, 't']), weight], { attributes });
  graph.output('y', y, ['n', outputs, 'u']);
  await expectSame(graph.build(), [2, channels, 11], rewritten);
});

it('leaves attention what it is', async () => {
  const graph = new GraphBuilder('attention');
  const x = graph.input('x', ['n', 5, 12]);
  const scaled = graph.node('Mul', [x, graph.constant(2)]);
  const y = graph.node('MultiHeadAttention', [x, scaled, scaled], {
    domain: 'com.microsoft',
    attributes: { num_heads: 3n },
  });
  graph.output('y', y, ['n', 5, 12]);
  await expectSame(graph.build(), [2, 5, 12], true);
});
