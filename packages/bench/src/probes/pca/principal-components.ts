import { GraphBuilder, multiply, subtract, type Session } from '@hearken/onnx';
import type { RowsShape, SessionFactory, TrainingEffort } from '../probe.js';
import type { Rows } from '../rows.js';
import type { Standardization } from '../standardization.js';
import { eigenvectors, fixSign } from './eigenvectors.js';

/** The directions in which rows vary, in order of decreasing variance. */
export interface PrincipalComponents {
  /** Orthonormal, `[count, size]`. */
  readonly axes: Float32Array;
  /** Variance along each of them (n in the denominator). */
  readonly variances: Float64Array;
  readonly count: number;
}

const blockRows = 4096;
/** In a float32 product, anything below this share of the largest variance is rounding error. */
const rounding = 1e-6;

/**
 * Principal components of standardised or centred rows.
 *
 * `ml-pca` finds them from the smaller of two products: the covariance of the values, or, with fewer rows than values,
 * the inner products of the rows, from whose eigenvectors the axes are computed. The runtime computes the product; the
 * library's own implementation, over arrays of rows, takes minutes for ten thousand rows of 768 values.
 *
 * @returns all `size` components, or, with fewer rows than that, those along which the rows vary
 */
export async function principalComponents(
  rows: Rows,
  scaling: Standardization,
  createSession: SessionFactory,
): Promise<PrincipalComponents> {
  return rows.count > rows.size
    ? fromCovariance(rows, scaling, createSession)
    : fromInnerProducts(rows, scaling, createSession);
}

/** Cost of computing the components: products, and eigenvectors by the library. */
export function componentsEffort({ count, size }: RowsShape): TrainingEffort {
  const order = Math.min(count, size);
  return {
    bytes: 8 * (6 * order * order + count * order),
    operations: order * (2 * count * size + 30 * order * order),
  };
}

async function fromCovariance(
  rows: Rows,
  scaling: Standardization,
  createSession: SessionFactory,
): Promise<PrincipalComponents> {
  const { size } = rows;
  const covariance = new Float64Array(size * size);
  await withSession(createSession, productGraph('covariance'), async (session) => {
    for (const { count, embeddings } of rows.blocks(blockRows)) {
      const product = await run(session, scaling, embeddings, count);
      for (let index = 0; index < product.length; index += 1) covariance[index] += product[index] / rows.count;
    }
  });
  const { vectors, values } = eigenvectors(covariance, size);
  const axes = new Float32Array(size * size);
  for (let component = 0; component < size; component += 1) {
    for (let index = 0; index < size; index += 1) axes[component * size + index] = vectors.get(index, component);
    fixSign(axes.subarray(component * size, (component + 1) * size));
  }
  return { axes, variances: Float64Array.from(values, (value) => Math.max(0, value)), count: size };
}

async function fromInnerProducts(
  rows: Rows,
  scaling: Standardization,
  createSession: SessionFactory,
): Promise<PrincipalComponents> {
  const { size, count } = rows;
  const whole = new Float32Array(count * size);
  for (const block of rows.blocks(count)) whole.set(block.embeddings, block.start * size);
  const products = await withSession(createSession, productGraph('inner products'), (session) =>
    run(session, scaling, whole, count),
  );
  const { vectors, values } = eigenvectors(
    Float64Array.from(products, (value) => value / count),
    count,
  );
  const kept = Math.max(1, values.filter((value) => value > rounding * values[0]).length);
  const axes = new Float32Array(kept * size);
  const axis = new Float64Array(size);
  for (let component = 0; component < kept; component += 1) {
    axis.fill(0);
    for (let row = 0; row < count; row += 1) {
      const share = vectors.get(row, component);
      for (let index = 0; index < size; index += 1) {
        axis[index] += share * (whole[row * size + index] - scaling.mean[index]) * scaling.factor[index];
      }
    }
    // Identical rows have no axis: theirs is zero.
    const length = Math.sqrt(axis.reduce((sum, value) => sum + value * value, 0)) || 1;
    for (let index = 0; index < size; index += 1) axes[component * size + index] = axis[index] / length;
    fixSign(axes.subarray(component * size, (component + 1) * size));
  }
  return { axes, variances: Float64Array.from(values.slice(0, kept), (value) => Math.max(0, value)), count: kept };
}

function productGraph(kind: 'covariance' | 'inner products'): Uint8Array {
  const graph = new GraphBuilder('standardised-products');
  const centred = subtract(graph, graph.input('rows', ['n', 'size']), graph.input('mean', ['size']));
  const scaled = multiply(graph, centred, graph.input('factor', ['size']));
  const attributes = { transA: kind === 'covariance' ? 1n : 0n, transB: kind === 'covariance' ? 0n : 1n };
  const dimension = kind === 'covariance' ? 'size' : 'n';
  graph.output('products', graph.node('Gemm', [scaled, scaled], { attributes }), [dimension, dimension]);
  return graph.build();
}

async function run(
  session: Session,
  { mean, factor }: Standardization,
  rows: Float32Array,
  count: number,
): Promise<Float32Array> {
  const size = mean.length;
  const result = await session.run({
    rows: { data: rows, shape: [count, size] },
    mean: { data: mean, shape: [size] },
    factor: { data: factor, shape: [size] },
  });
  return result.products.data as Float32Array;
}

async function withSession<Result>(
  createSession: SessionFactory,
  graph: Uint8Array,
  use: (session: Session) => Promise<Result>,
): Promise<Result> {
  const session = await createSession(graph);
  try {
    return await use(session);
  } finally {
    await session.dispose();
  }
}
