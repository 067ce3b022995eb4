import { createNodeSession, GraphBuilder, type Tensor, type Value } from '../src/node.js';

/** Runs the nodes that `build` adds to a graph of one thread, on this input. */
export async function runGraph(
  input: { data: Float32Array; shape: readonly number[] },
  build: (graph: GraphBuilder, signal: Value) => Value,
): Promise<{ data: number[]; shape: readonly number[] }> {
  const graph = new GraphBuilder('test');
  const output = build(
    graph,
    graph.input(
      'signal',
      input.shape.map((_, axis) => `d${axis}`),
    ),
  );
  graph.output('result', output, ['any']);
  const session = await createNodeSession(graph.build(), { threads: 1 });
  try {
    const { result }: Record<string, Tensor> = await session.run({ signal: input });
    return { data: [...(result.data as Float32Array)], shape: result.shape };
  } finally {
    await session.dispose();
  }
}

/** Values in [-1, 1) that look random and are the same every time. */
export function noise(count: number, seed = 1): Float32Array {
  let state = seed * 2654435761;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** The largest difference between two lists of one length. */
export function farthest(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Infinity;
  let difference = 0;
  for (let index = 0; index < found.length; index += 1) {
    difference = Math.max(difference, Math.abs(found[index] - expected[index]));
  }
  return difference;
}
