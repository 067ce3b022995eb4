import { createNodeSession, GraphBuilder, matmul } from '@hearken/onnx/node';
import { measure, testSignal } from './measure.mjs';

const size = 1024;

/** The machine's matrix product rate, as a reference for all other figures. */
export async function* machineRows() {
  yield { what: `matrix product ${size} x ${size} x ${size}`, value: await matrixProductRate(), unit: 'GFLOP/s' };
}

/** Billions of operations per second, for the fastest of 30 products. */
export async function matrixProductRate() {
  const graph = new GraphBuilder('matrix-product');
  const [left, right] = ['left', 'right'].map((name) => graph.input(name, [size, size]));
  graph.output('product', matmul(graph, left, right), [size, size]);
  const session = await createNodeSession(graph.build());
  const matrix = { data: testSignal(size * size), shape: [size, size] };
  const product = { data: new Float32Array(size * size), shape: [size, size] };
  const { minimum } = await measure(() => session.run({ left: matrix, right: matrix }, { product }));
  await session.dispose();
  return (2 * size ** 3) / minimum / 1e6;
}
