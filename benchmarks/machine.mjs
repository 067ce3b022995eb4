import { createNodeSession, GraphBuilder, matmul } from '@hearken/onnx';
import { measure, testSignal } from './measure.mjs';

/** The machine's matrix product rate: what every other figure is to be seen against. */
export async function* machineRows() {
  const size = 1024;
  const graph = new GraphBuilder('matrix-product');
  const [left, right] = ['left', 'right'].map((name) => graph.input(name, [size, size]));
  graph.output('product', matmul(graph, left, right), [size, size]);
  const session = await createNodeSession(graph.build());
  const matrix = { data: testSignal(size * size), shape: [size, size] };
  const product = { data: new Float32Array(size * size), shape: [size, size] };
  const { minimum } = await measure(() => session.run({ left: matrix, right: matrix }, { product }));
  yield { what: 'matrix product 1024 x 1024 x 1024', value: (2 * size ** 3) / minimum / 1e6, unit: 'GFLOP/s' };
  await session.dispose();
}
