import { concat, convolution, type GraphBuilder, matmul, reshape, slice, transpose, type Value } from '@hearken/onnx';
import { decimator } from '../preprocessing/decimate.js';

/** Number of samples, in either direction, after which the filter's impulse response is below 1e-8 of its peak: 500. */
const reachOutputs = 100;
/** Number of outputs of one position of the convolution: a matrix product; a single output would be a dot product. */
const blockOutputs = 50;

/**
 * Keeps every `factor`-th sample after the zero-phase low-pass filter, like `decimator`: in the middle of the signal by
 * a convolution with the impulse response; at each end, where the response depends on the position, by a matrix.
 *
 * @param signal `[n, samples]`
 * @param samples a multiple of `outputs`; `outputs` is a multiple of 50 and over 200
 * @returns `[n, outputs]`
 */
export function decimate(graph: GraphBuilder, signal: Value, samples: number, outputs: number): Value {
  const factor = samples / outputs;
  const reach = reachOutputs * factor;
  const { beginning, middle, end } = responses(factor);
  const edge = (values: Float32Array, start: number) =>
    matmul(graph, slice(graph, signal, 1, start, start + 2 * reach), graph.constant(values, [2 * reach, reachOutputs]));

  const length = 2 * reach + 1 + (blockOutputs - 1) * factor;
  const kernel = new Float32Array(blockOutputs * length);
  for (let output = 0; output < blockOutputs; output += 1) {
    kernel.set(middle, output * length + output * factor);
  }
  const blocks = convolution(
    graph,
    reshape(graph, signal, [0, 1, -1]),
    graph.constant(kernel, [blockOutputs, 1, length]),
    [length],
    { stride: [blockOutputs * factor] },
  );
  const inner = reshape(graph, transpose(graph, blocks, [0, 2, 1]), [0, outputs - 2 * reachOutputs]);
  return concat(graph, [edge(beginning, 0), inner, edge(end, samples - 2 * reach)], 1);
}

interface Responses {
  /** The first (or last) outputs for an impulse at each of the first (or last) samples, `[2 * reach, reachOutputs]`. */
  readonly beginning: Float32Array;
  readonly end: Float32Array;
  /** The response to a sample in the middle, by its distance from the output, `-reach` to `reach`. */
  readonly middle: Float32Array;
}

/** The filter's responses to impulses, in a signal so long that its other end does not matter. */
function responses(factor: number): Responses {
  const filter = decimator(factor);
  const reach = reachOutputs * factor;
  const length = 6 * reach;
  const impulse = new Float64Array(length);
  const respond = (place: number): Float64Array => {
    impulse[place] = 1;
    const response = filter(impulse);
    impulse[place] = 0;
    return response;
  };
  const [beginning, end] = [new Float32Array(2 * reach * reachOutputs), new Float32Array(2 * reach * reachOutputs)];
  for (let place = 0; place < 2 * reach; place += 1) {
    beginning.set(respond(place).subarray(0, reachOutputs), place * reachOutputs);
    end.set(respond(length - 2 * reach + place).subarray(-reachOutputs), place * reachOutputs);
  }
  const middle = new Float32Array(2 * reach + 1);
  const centre = 3 * reachOutputs;
  for (let phase = 0; phase < factor; phase += 1) {
    const place = centre * factor + phase;
    respond(place).forEach((value, output) => {
      const distance = place - output * factor;
      if (Math.abs(distance) <= reach) middle[reach + distance] = value;
    });
  }
  return { beginning, middle, end };
}
