import { add, GraphBuilder, multiply, subtract, type Session } from '@hearken/onnx';
import type { SessionFactory } from './probe.js';
import type { Rows } from './rows.js';

/** `weight @ ((x - mean) * factor) + bias` for each row x: covers centring, projections and linear classifiers. */
export interface AffineMap {
  /** `[inputs]` */
  readonly mean: Float32Array;
  /** `[inputs]` */
  readonly factor: Float32Array;
  /** `[outputs, inputs]` */
  readonly weight: Float32Array;
  /** `[outputs]` */
  readonly bias: Float32Array;
}

/** Number of rows per call. */
const blockRows = 4096;

/** Applies affine maps to rows, with one graph for maps of all sizes. */
export class AffineMaps {
  #session: Promise<Session> | undefined;

  constructor(readonly createSession: SessionFactory) {}

  /**
   * The images of all rows.
   *
   * @param order the position for each row; default: unchanged
   * @returns `[rows.count, outputs]`
   */
  async apply(map: AffineMap, rows: Rows, order?: Uint32Array, abortSignal?: AbortSignal): Promise<Float32Array> {
    this.#session ??= this.createSession(affineGraph());
    const session = await this.#session;
    const { mean, factor, weight, bias } = map;
    const [inputs, outputs] = [mean.length, bias.length];
    const parameters = {
      mean: { data: mean, shape: [inputs] },
      factor: { data: factor, shape: [inputs] },
      weight: { data: weight, shape: [outputs, inputs] },
      bias: { data: bias, shape: [outputs] },
    };
    const images = new Float32Array(rows.count * outputs);
    for (const { start, count, embeddings } of rows.blocks(blockRows)) {
      abortSignal?.throwIfAborted();
      const result = await session.run({ ...parameters, rows: { data: embeddings, shape: [count, inputs] } });
      const block = result.images.data as Float32Array;
      if (order === undefined) {
        images.set(block, start * outputs);
      } else {
        for (let row = 0; row < count; row += 1) {
          images.set(block.subarray(row * outputs, (row + 1) * outputs), order[start + row] * outputs);
        }
      }
    }
    return images;
  }

  async dispose(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await (await session)?.dispose();
  }
}

function affineGraph(): Uint8Array {
  const graph = new GraphBuilder('affine-map');
  const rows = graph.input('rows', ['n', 'inputs']);
  const centred = subtract(graph, rows, graph.input('mean', ['inputs']));
  const scaled = multiply(graph, centred, graph.input('factor', ['inputs']));
  const product = graph.node('Gemm', [scaled, graph.input('weight', ['outputs', 'inputs'])], {
    attributes: { transB: 1n },
  });
  graph.output('images', add(graph, product, graph.input('bias', ['outputs'])), ['n', 'outputs']);
  return graph.build();
}
