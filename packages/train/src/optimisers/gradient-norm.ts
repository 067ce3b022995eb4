import { GraphBuilder, LazySession, type SessionFactory, type SessionOptions } from '@hearken/onnx';
import { piece, piecesOf } from './pieces.js';
import type { TensorArena } from './tensor-arena.js';

/** Computes the Euclidean norm of all tensors of an arena together. */
export class GradientNorm {
  readonly #session: LazySession;

  constructor(createSession: SessionFactory, options: SessionOptions = {}) {
    this.#session = new LazySession(() => createSession(squaresGraph(), options));
  }

  /** Not finite only if an element is not finite. */
  async of({ data }: TensorArena): Promise<number> {
    const session = await this.#session.open();
    let squares = 0;
    for (const [start, end] of piecesOf(0, data.length)) {
      const { sum } = await session.run({ gradient: piece(data, start, end) });
      squares += (sum.data as Float32Array)[0];
    }
    // The squares of large gradients do not fit into float32.
    return Number.isFinite(squares) ? Math.sqrt(squares) : Math.sqrt(sumOfSquares(data));
  }

  /** Frees its session. */
  dispose(): Promise<void> {
    return this.#session.dispose();
  }
}

function squaresGraph(): Uint8Array<ArrayBuffer> {
  const graph = new GraphBuilder('sum-of-squares');
  const gradient = graph.input('gradient', ['n']);
  const sum = graph.node('ReduceSumSquare', [gradient, graph.integers([0])], { attributes: { keepdims: 0n } });
  graph.output('sum', sum, []);
  return graph.build();
}

function sumOfSquares(data: Float32Array): number {
  return data.reduce((sum, value) => sum + value * value, 0);
}
