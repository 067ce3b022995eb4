import { createNodeSession, GraphBuilder, matmul } from '@hearken/onnx/node';
import { measure, testSignal } from './measure.mjs';

const size = 1024;

/** The machine's matrix product rate, as a reference for all other figures. */
export async function* machineRows() {
  yield { what: `matrix product ${size} x ${size} x ${size}`, value: await matrixProductRate(), unit: 'GFLOP/s' };
}

/**
 * Billions of operations per second, for the fastest of 30 products.
 *
 * @param {{ shape?: readonly number[], threads?: number }} [options] rows, inner size and columns
 */
export async function matrixProductRate({ shape: [rows, inner, columns] = [size, size, size], threads } = {}) {
  const graph = new GraphBuilder('matrix-product');
  const shapes = { left: [rows, inner], right: [inner, columns], product: [rows, columns] };
  const [left, right] = ['left', 'right'].map((name) => graph.input(name, shapes[name]));
  graph.output('product', matmul(graph, left, right), shapes.product);
  const session = await createNodeSession(graph.build(), threads === undefined ? {} : { threads });
  const matrix = (name) => ({ data: testSignal(shapes[name][0] * shapes[name][1]), shape: shapes[name] });
  const [inputs, product] = [{ left: matrix('left'), right: matrix('right') }, matrix('product')];
  const { minimum } = await measure(() => session.run(inputs, { product }));
  await session.dispose();
  return (2 * rows * inner * columns) / minimum / 1e6;
}
