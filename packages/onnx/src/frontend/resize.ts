import type { GraphBuilder, Value } from '../graph/graph-builder.js';
import { matmul } from '../graph/layers.js';

/**
 * Resizes the last axis from `from` to `to` values by linear interpolation, with both ends aligned
 * (`torch.nn.functional.interpolate(mode='bilinear', align_corners=False, antialias=False)`): as a matrix product,
 * because both sizes are known.
 */
export function resizeLastAxis(graph: GraphBuilder, input: Value, from: number, to: number): Value {
  return from === to ? input : matmul(graph, input, graph.constant(interpolationMatrix(from, to), [from, to]));
}

/** `[from, to]`, row-major: column j contains the weights of the inputs in output j. */
export function interpolationMatrix(from: number, to: number): Float32Array {
  const matrix = new Float32Array(from * to);
  for (let output = 0; output < to; output += 1) {
    const position = Math.min(from - 1, Math.max(0, ((output + 0.5) * from) / to - 0.5));
    const left = Math.floor(position);
    const right = Math.min(from - 1, left + 1);
    matrix[left * to + output] += 1 - (position - left);
    matrix[right * to + output] += position - left;
  }
  return matrix;
}
