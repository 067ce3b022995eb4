import type { Emitter, GraphValue } from '../graph/contracts.js';
import { extent, windowAttributes, type WindowShape } from './convolution-shape.js';
import { reshape, transpose } from './emit.js';
import { pad, reversed } from './slice.js';

/**
 * The gradient of a convolution's input.
 *
 * The runtime's transposed convolution adds up overlapping windows one after the other, on one thread. Convolutions take
 * half to a quarter of its time. Only strided ones in groups are quicker with it, because their results are in parts that
 * have to be put together.
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
  const counts = gradient.shape.slice(2);
  const phases = phasesOf(window, counts);
  const isStrided = window.strides.some((step) => step > 1);
  if (phases === undefined || (isStrided && groups > 1)) return transposed(graph, weight, gradient, window, groups);
  const swapped = swapChannels(graph, weight, groups);
  return interleaved(graph, swapped, gradient, { window, groups, phases });
}

/** Every stride-th sample along an axis, from one on: which places of the kernel reach them, and zeros around windows. */
interface Phase {
  /** The first of these places; the others are a stride apart. */
  readonly place: number;
  readonly places: number;
  readonly before: number;
  readonly after: number;
}

/**
 * Phases of each axis, all as long as the longest. Window w reaches sample `w s + k d - b` at place k; the samples
 * `u s + r` of phase r are a convolution of the windows with every s-th place of the kernel, reversed.
 *
 * @returns `undefined` if no convolution computes them: with dilation and stride, without places, with negative padding
 */
function phasesOf({ input, kernel, strides, dilations, before }: WindowShape, counts: readonly number[]) {
  const all = input.map((size, axis) => {
    const [step, dilation] = [strides[axis], dilations[axis]];
    const length = Math.ceil(size / step);
    return Array.from({ length: step }, (_, phase): Phase | undefined => {
      const place = Array.from({ length: kernel[axis] }, (__, one) => one).find(
        (one) => (one * dilation - before[axis] - phase) % step === 0,
      );
      if (place === undefined || (step > 1 && dilation > 1)) return undefined;
      const places = Math.ceil((kernel[axis] - place) / step);
      const reach = (places - 1) * dilation;
      const front = (place * dilation - before[axis] - phase) / step + reach;
      const back = length - counts[axis] - front + reach;
      return front < 0 || back < 0 ? undefined : { place, places, before: front, after: back };
    });
  });
  const found = all.map((phases) => phases.filter((phase) => phase !== undefined));
  return found.every((phases, axis) => phases.length === all[axis].length) ? found : undefined;
}

/** `[outputs, inputs / groups, ...kernel]` to `[inputs, outputs / groups, ...kernel]`. */
function swapChannels(graph: Emitter, weight: GraphValue, groups: number): GraphValue {
  const [outputs, inner, ...kernel] = weight.shape;
  const apart = reshape(graph, weight, [groups, outputs / groups, inner, ...kernel]);
  const swapped = transpose(graph, apart, [0, 2, 1, ...kernel.map((_, axis) => axis + 3)]);
  return reshape(graph, swapped, [groups * inner, outputs / groups, ...kernel]);
}

interface Parts {
  readonly window: WindowShape;
  readonly groups: number;
  readonly phases: readonly (readonly Phase[])[];
}

/** All phases of all axes, one convolution each, put together. */
function interleaved(graph: Emitter, weight: GraphValue, gradient: GraphValue, { window, groups, phases }: Parts) {
  const { input, strides, dilations } = window;
  const part = (chosen: readonly Phase[]): GraphValue => {
    const axis = chosen.length;
    if (axis < phases.length) {
      const parts = phases[axis].map((phase) => part([...chosen, phase]));
      if (parts.length === 1) return parts[0];
      const { shape } = parts[0];
      const apart = [...shape.slice(0, axis + 3), 1, ...shape.slice(axis + 3)];
      const joined = graph.add(
        'Concat',
        parts.map((one) => reshape(graph, one, apart)),
        { attributes: { axis: BigInt(axis + 3) } },
      );
      return reshape(
        graph,
        joined,
        shape.map((size, at) => (at === axis + 2 ? size * parts.length : size)),
      );
    }
    const own = {
      ...window,
      kernel: chosen.map(({ places }) => places),
      strides: strides.map(() => 1),
      dilations,
      before: chosen.map(({ before }) => before),
      after: chosen.map(({ after }) => after),
    };
    let kernel = everyPlace(graph, weight, chosen, strides);
    chosen.forEach(({ places }, at) => {
      if (places > 1) kernel = reversed(graph, kernel, at + 2);
    });
    return graph.add('Conv', [gradient, kernel], { attributes: { ...windowAttributes(own), group: BigInt(groups) } });
  };
  const whole = part([]);
  const none = whole.shape.map(() => 0);
  // Phases are as long as the longest.
  const extra = whole.shape.map((size, axis) => (axis < 2 ? 0 : input[axis - 2] - size));
  return pad(graph, whole, none, extra);
}

/** Every stride-th place of the kernel along each axis. */
function everyPlace(graph: Emitter, weight: GraphValue, chosen: readonly Phase[], strides: readonly number[]) {
  const cuts = strides.flatMap((step, axis) => (step > 1 ? [{ axis: axis + 2, step, start: chosen[axis].place }] : []));
  if (cuts.length === 0) return weight;
  return graph.add('Slice', [
    weight,
    graph.integers(cuts.map(({ start }) => start)),
    graph.integers(cuts.map(({ axis }) => weight.shape[axis])),
    graph.integers(cuts.map(({ axis }) => axis)),
    graph.integers(cuts.map(({ step }) => step)),
  ]);
}

/** A transposed convolution. Samples behind the last window are restored by output padding, with gradient 0. */
function transposed(
  graph: Emitter,
  weight: GraphValue,
  gradient: GraphValue,
  window: WindowShape,
  groups: number,
): GraphValue {
  const { input, kernel, strides, dilations, before, after } = window;
  const missing = input.map((size, axis) => {
    const reached = (gradient.shape[axis + 2] - 1) * strides[axis] + extent(kernel[axis], dilations[axis]);
    return size + before[axis] + after[axis] - reached;
  });
  return graph.add('ConvTranspose', [gradient, weight], {
    attributes: { ...windowAttributes(window), group: BigInt(groups), output_padding: missing.map(BigInt) },
  });
}
