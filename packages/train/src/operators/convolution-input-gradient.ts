import type { Emitter, GraphValue } from '../graph/contracts.js';
import { extent, windowAttributes, type WindowShape } from './convolution-shape.js';
import { reshape, transpose } from './emit.js';
import { reversed } from './slice.js';

/**
 * The gradient of a convolution's input.
 *
 * @param weight `[outputs, inputs / groups, ...kernel]`
 * @param gradient `[n, outputs, ...]`
 * @returns `[n, inputs, ...]`
 */
export function convolutionInputGradient(
  graph: Emitter,
  weight: GraphValue,
  gradient: GraphValue,
  window: WindowShape,
  groups: number,
): GraphValue {
  const { input, kernel, strides, dilations, before, after } = window;
  const reach = kernel.map((size, axis) => extent(size, dilations[axis]) - 1);
  const outer = {
    before: before.map((count, axis) => reach[axis] - count),
    after: after.map((count, axis) => reach[axis] - count),
  };
  if (strides.every((step) => step === 1) && [...outer.before, ...outer.after].every((count) => count >= 0)) {
    return byConvolution(graph, weight, gradient, { ...window, ...outer }, groups);
  }
  // Samples behind the last window are restored by output padding, with gradient 0.
  const missing = input.map((size, axis) => {
    const reached = (gradient.shape[axis + 2] - 1) * strides[axis] + reach[axis] + 1;
    return size + before[axis] + after[axis] - reached;
  });
  return graph.add('ConvTranspose', [gradient, weight], {
    attributes: { ...windowAttributes(window), group: BigInt(groups), output_padding: missing.map(BigInt) },
  });
}

/**
 * With stride 1: a convolution with the kernel reversed, and inputs and outputs swapped. The runtime's transposed
 * convolution takes twice to four times as long, because it adds up overlapping windows one after the other.
 */
function byConvolution(
  graph: Emitter,
  weight: GraphValue,
  gradient: GraphValue,
  window: WindowShape,
  groups: number,
): GraphValue {
  const [outputs, inner, ...kernel] = weight.shape;
  const axes = kernel.map((_, axis) => axis);
  const apart = reshape(graph, weight, [groups, outputs / groups, inner, ...kernel]);
  const swapped = transpose(graph, apart, [0, 2, 1, ...axes.map((axis) => axis + 3)]);
  let turned = reshape(graph, swapped, [groups * inner, outputs / groups, ...kernel]);
  for (const axis of axes) if (kernel[axis] > 1) turned = reversed(graph, turned, axis + 2);
  return graph.add('Conv', [gradient, turned], { attributes: { ...windowAttributes(window), group: BigInt(groups) } });
}
