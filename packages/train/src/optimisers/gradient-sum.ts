import { add, GraphBuilder, LazySession, type SessionFactory, type SessionOptions } from '@hearken/onnx';
import { piece, piecesOf } from './pieces.js';
import type { TensorArena } from './tensor-arena.js';

/** Adds the gradients of a batch to those of the batches before it. */
export class GradientSum {
  readonly #session: LazySession;

  constructor(createSession: SessionFactory, options: SessionOptions = {}) {
    this.#session = new LazySession(() => createSession(sumGraph(), options));
  }

  /** @param sum what is added to */
  async add(sum: TensorArena, gradients: TensorArena): Promise<void> {
    const session = await this.#session.open();
    for (const [start, end] of piecesOf(0, sum.data.length)) {
      const target = piece(sum.data, start, end);
      await session.run({ sum: target, gradient: piece(gradients.data, start, end) }, { next: target });
    }
  }

  /** Frees its session. */
  dispose(): Promise<void> {
    return this.#session.dispose();
  }
}

/** `next` may be written over `sum`. */
function sumGraph(): Uint8Array<ArrayBuffer> {
  const graph = new GraphBuilder('gradient-sum');
  graph.output('next', add(graph, graph.input('sum', ['n']), graph.input('gradient', ['n'])), ['n']);
  return graph.build();
}
