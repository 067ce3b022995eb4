import { describe, expect, it } from 'vitest';
import { countParameters, GraphBuilder, type Value } from '../../src/index.js';

function model(build: (graph: GraphBuilder, input: Value) => Value): Uint8Array {
  const graph = new GraphBuilder('test', 'weights.bin');
  graph.output('y', build(graph, graph.input('x', ['n', 4])), ['n', 3]);
  return graph.build();
}

const tensor = (name: string, shape: readonly number[]) =>
  ({ name, dataType: 'float16', shape, offset: 0, byteLength: 2 }) as const;

describe('countParameters', () => {
  it('counts the weights of the checkpoint once each, and no constant of a front end', () => {
    const bytes = model((graph, x) => {
      const weight = graph.external(tensor('weight', [4, 3]));
      const scalar = graph.external(tensor('temperature', []));
      const windowed = graph.node('Mul', [x, graph.constant([1, 2, 3, 4])]);
      graph.node('MatMul', [windowed, graph.external(tensor('weight', [4, 3]))]);
      return graph.node('Mul', [graph.node('MatMul', [windowed, weight]), scalar]);
    });
    expect(countParameters(bytes)).toBe(13);
  });

  it('counts weights that were computed from those of the checkpoint, and bytes without their scales', () => {
    const bytes = model((graph, x) => {
      const own = graph.constant(new Float32Array(8), [2, 4], 'positions');
      const quantized = graph.external({ ...tensor('matrix.int8', [4, 3]), dataType: 'int8', byteLength: 12 });
      const scales = graph.external({ ...tensor('matrix.scales', [3]), dataType: 'float32', byteLength: 12 });
      return graph.node('Any', [x, own, quantized, scales, graph.integers([1, 2, 3])]);
    });
    expect(countParameters(bytes)).toBe(8 + 12);
  });

  it("counts what is floating-point in a graph of another's making", () => {
    const bytes = model((graph, x) =>
      graph.node('Reshape', [
        graph.node('MatMul', [x, graph.constant(new Float32Array(12), [4, 3])]),
        graph.integers([-1, 3]),
      ]),
    );
    expect(countParameters(bytes)).toBe(12);
  });
});
