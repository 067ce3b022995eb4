import { convolution, type GraphBuilder, multiply, reshape, subtract, type Value } from '@hearken/onnx';
import { autocorrelation } from '../preprocessing/zero-phase-fir.js';

/**
 * A FIR filter run forwards and then backwards, like `zeroPhaseFir` of the preprocessing: one convolution with the
 * taps' autocorrelation, over the signal extended by point reflection at its ends.
 *
 * @param signal `[n, samples]`, more samples than taps
 * @param taps symmetric
 * @returns `[n, samples]`
 */
export function zeroPhaseFir(graph: GraphBuilder, signal: Value, taps: Float64Array): Value {
  const reach = taps.length - 1;
  const half = [...autocorrelation(taps)];
  const kernel = [...half.slice(1).reverse(), ...half];
  const pad = (mode: string) =>
    graph.node('Pad', [signal, graph.integers([0, reach, 0, reach])], { attributes: { mode } });
  // 2 x[0] - x[k] outside; inside, where both kinds of padding keep x, 2 x - x.
  const extended = subtract(graph, multiply(graph, pad('edge'), graph.constant(2)), pad('reflect'));
  const weights = graph.constant(kernel, [1, 1, kernel.length]);
  return reshape(graph, convolution(graph, expand(graph, extended), weights, [kernel.length]), [0, -1]);
}

/** `[n, samples]` to `[n, 1, samples]`, the input of convolutions. */
function expand(graph: GraphBuilder, signal: Value): Value {
  return graph.node('Unsqueeze', [signal, graph.integers([1])]);
}
