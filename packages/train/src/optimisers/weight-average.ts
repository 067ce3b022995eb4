import {
  add,
  GraphBuilder,
  multiply,
  LazySession,
  type SessionFactory,
  type SessionOptions,
  subtract,
} from '@hearken/onnx';
import { piece, piecesOf, scalar } from './pieces.js';
import { TensorArena } from './tensor-arena.js';

/** An exponential moving average of the parameters. */
export interface AverageSettings {
  /** Share of the former average, such as 0.999. */
  readonly decay: number;
  /** Whether the share is at most (1 + u) / (10 + u) in update u, counted from 1; default: no. */
  readonly warmUp?: boolean;
}

/** Follows parameters with an exponential moving average, which starts as their initial values. */
export class WeightAverage {
  /** The averages. */
  readonly average: TensorArena;
  readonly #session: LazySession;

  /**
   * @param createSession makes its session
   * @param options how that computes
   */
  constructor(
    createSession: SessionFactory,
    /** How quickly it follows. */
    readonly settings: AverageSettings,
    /** What it follows. */
    readonly parameters: TensorArena,
    options: SessionOptions = {},
  ) {
    this.#session = new LazySession(() => createSession(averageGraph(), options));
    this.average = new TensorArena(parameters.specs);
    this.average.data.set(parameters.data);
  }

  /**
   * Takes the current values into account.
   *
   * @param update counted from 1
   */
  async follow(update: number): Promise<void> {
    const session = await this.#session.open();
    const { decay, warmUp = false } = this.settings;
    const kept = warmUp ? Math.min(decay, (1 + update) / (10 + update)) : decay;
    const share = scalar(1 - kept);
    const { data } = this.average;
    for (const [start, end] of piecesOf(0, data.length)) {
      const average = piece(data, start, end);
      const value = piece(this.parameters.data, start, end);
      await session.run({ average, value, share }, { next: average });
    }
  }

  /** Frees its session. */
  dispose(): Promise<void> {
    return this.#session.dispose();
  }
}

/** `average + share (value - average)`; `next` may be written over `average`. */
function averageGraph(): Uint8Array<ArrayBuffer> {
  const graph = new GraphBuilder('weight-average');
  const [average, value] = [graph.input('average', ['n']), graph.input('value', ['n'])];
  const distance = multiply(graph, subtract(graph, value, average), graph.input('share', []));
  graph.output('next', add(graph, average, distance), ['n']);
  return graph.build();
}
