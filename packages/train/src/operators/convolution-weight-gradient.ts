import type { Emitter, GraphValue } from '../graph/contracts.js';
import { windowAttributes, type WindowShape } from './convolution-shape.js';
import { denseWeightGradient, suitsProducts } from './dense-weight-gradient.js';
import { depthwiseWeightGradient, suitsRows } from './depthwise-weight-gradient.js';
import { reshape, transpose } from './emit.js';

/**
 * The gradient of a convolution's weight, in the form that takes the runtime least time.
 *
 * @param input `[n, inputs, ...]`
 * @param gradient `[n, outputs, ...]`
 * @returns `[outputs, inputs / groups, ...kernel]`
 */
export function convolutionWeightGradient(
  graph: Emitter,
  input: GraphValue,
  gradient: GraphValue,
  window: WindowShape,
  groups: number,
): GraphValue {
  const [, inputs] = input.shape;
  const [, outputs, ...counts] = gradient.shape;
  if (groups === 1 && suitsProducts(window, inputs, counts)) {
    return denseWeightGradient(graph, input, gradient, window);
  }
  if (groups === inputs && groups === outputs && suitsRows(window, counts)) {
    return depthwiseWeightGradient(graph, input, gradient, window);
  }
  return byConvolution(graph, input, gradient, window, groups);
}

/**
 * The gradient of a convolution's weight by a convolution of the input with the output's gradient as its kernel, in which
 * batch and channels change places, and stride and dilation too.
 */
function byConvolution(
  graph: Emitter,
  input: GraphValue,
  gradient: GraphValue,
  window: WindowShape,
  groups: number,
): GraphValue {
  const [batch, channels, ...positions] = input.shape;
  const outputs = gradient.shape[1];
  const inner = channels / groups;
  const spatial = positions.map((_, axis) => axis + 3);
  // The groups' inputs one after the other, each with its batch as channels.
  const apart = reshape(graph, input, [batch, groups, inner, ...positions]);
  const arranged = reshape(graph, transpose(graph, apart, [2, 1, 0, ...spatial]), [
    inner,
    groups * batch,
    ...positions,
  ]);
  const swapped = transpose(graph, gradient, [1, 0, ...spatial.map((axis) => axis - 1)]);
  const found = graph.add('Conv', [arranged, swapped], {
    attributes: {
      ...windowAttributes({
        ...window,
        kernel: swapped.shape.slice(2),
        strides: window.dilations,
        dilations: window.strides,
      }),
      group: BigInt(groups),
    },
  });
  const weight = transpose(graph, found, [1, 0, ...spatial.map((axis) => axis - 1)]);
  const axes = window.kernel.flatMap((size, axis) => (weight.shape[axis + 2] > size ? [axis + 2] : []));
  if (axes.length === 0) return reshape(graph, weight, [outputs, inner, ...window.kernel]);
  // Samples behind the last window make places that the kernel doesn't have.
  const ends = axes.map((axis) => window.kernel[axis - 2]);
  return graph.add('Slice', [weight, graph.integers(axes.map(() => 0)), graph.integers(ends), graph.integers(axes)]);
}
