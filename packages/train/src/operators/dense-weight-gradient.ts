import type { Emitter, GraphValue } from '../graph/contracts.js';
import { sizeOf } from '../graph/tensor-elements.js';
import { ConvolutionPlaces, readsEverywhere } from './convolution-places.js';
import type { WindowShape } from './convolution-shape.js';
import { product, reshape, transpose } from './emit.js';

/** The most places of a kernel for which the gradient is copied once each, and the fewest inputs for which this pays. */
const limits = { places: 16, inputs: 8 };

/** Whether one product for each place of the kernel is quicker than a convolution. */
export function suitsProducts(window: WindowShape, inputs: number, counts: readonly number[]): boolean {
  const isSmall = sizeOf(window.kernel) <= limits.places && inputs >= limits.inputs;
  return isSmall && counts.every((count, axis) => readsEverywhere(window, axis, count));
}

/**
 * The gradient of a convolution's weight by a matrix product for each place of the kernel: the gradient times what the
 * windows read there. A product adds up over all windows of all clips, and is then long enough to be fast.
 *
 * @param input `[n, inputs, ...]`
 * @param gradient `[n, outputs, ...]`
 * @returns `[outputs, inputs, ...kernel]`
 */
export function denseWeightGradient(
  graph: Emitter,
  input: GraphValue,
  gradient: GraphValue,
  window: WindowShape,
): GraphValue {
  const [inputs, outputs] = [input.shape[1], gradient.shape[1]];
  const axes = window.kernel.map((_, axis) => ({ window: axis, value: axis + 2 }));
  const swapped = (value: GraphValue) => transpose(graph, value, [1, 0, ...axes.map(({ value: axis }) => axis)]);
  const rows = (value: GraphValue) => reshape(graph, value, [value.shape[0], sizeOf(value.shape.slice(1))]);
  const places = new ConvolutionPlaces(graph, window, axes, swapped(input), swapped(gradient));
  const found = placesOf(window.kernel).map((place) => {
    const { read, gradient: moved } = places.at(place);
    return reshape(graph, product(graph, rows(moved), rows(read), { transB: true }), [outputs, inputs, 1]);
  });
  const all = found.length === 1 ? found[0] : graph.add('Concat', found, { attributes: { axis: 2n } });
  return reshape(graph, all, [outputs, inputs, ...window.kernel]);
}

/** All places of a kernel, row by row. */
function placesOf(kernel: readonly number[]): number[][] {
  return kernel.reduce<number[][]>(
    (places, size) => places.flatMap((place) => Array.from({ length: size }, (_, index) => [...place, index])),
    [[]],
  );
}
