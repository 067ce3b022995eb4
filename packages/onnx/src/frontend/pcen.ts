import type { GraphBuilder, Value } from '../graph/graph-builder.js';
import { add, matmul, multiply, subtract } from '../graph/layers.js';

/** Per-channel energy normalisation; names as in the paper. */
export interface PcenOptions {
  /** Number of input frames, which determines the smoother's matrix. */
  readonly frames: number;
  /** Strength of the gain control. */
  readonly alpha: number;
  /** Weight of the newest frame in the smoother (s). */
  readonly smoothing: number;
  /** Added before the root is taken, and its root subtracted afterwards: how much of quiet sound remains. */
  readonly delta: number;
  /** 1 / r: 2 for a square root. */
  readonly root: number;
  /** Added to the smoother, so that nothing is divided by zero (epsilon). */
  readonly floor: number;
}

/**
 * PCEN (Wang et al. 2017, arXiv 1607.05666, equations 1 and 2):
 *
 *     M[0] = E[0],  M[t] = (1 - s) M[t - 1] + s E[t],  (E / (floor + M)^alpha + delta)^(1 / root) - delta^(1 / root)
 *
 * The recursion over a known number of frames is linear, so it is one product with a triangular matrix.
 *
 * @param energy `[n, bands, frames]`, not negative
 * @returns the same shape
 */
export function pcen(graph: GraphBuilder, energy: Value, options: PcenOptions): Value {
  const { frames, alpha, smoothing, delta, root, floor } = options;
  const matrix = graph.constant(smootherMatrix(frames, smoothing), [frames, frames]);
  const smoothed = add(graph, matmul(graph, energy, matrix), graph.constant(floor));
  // x^-alpha as exp(-alpha ln x): both are vectorised in the runtime, its power is not.
  const gain = graph.node('Exp', [multiply(graph, graph.node('Log', [smoothed]), graph.constant(-alpha))]);
  const shifted = add(graph, multiply(graph, energy, gain), graph.constant(delta));
  const compressed =
    root === 2 ? graph.node('Sqrt', [shifted]) : graph.node('Pow', [shifted, graph.constant(1 / root)]);
  return subtract(graph, compressed, graph.constant(delta ** (1 / root)));
}

/** Column t contains the weight of each frame in the smoother at frame t. */
function smootherMatrix(frames: number, smoothing: number): Float32Array {
  const matrix = new Float32Array(frames * frames);
  for (let time = 0; time < frames; time += 1) {
    for (let frame = 0; frame <= time; frame += 1) {
      const share = frame === 0 ? 1 : smoothing;
      matrix[frame * frames + time] = share * (1 - smoothing) ** (time - frame);
    }
  }
  return matrix;
}
