import type { Emitter, GraphValue } from '../graph/contracts.js';
import type { WindowShape } from './convolution-shape.js';
import { pad } from './slice.js';

/**
 * Where a convolution's windows have one place of the kernel along an axis: window w reads sample `w stride + offset`.
 * These are elements of one phase of the input, every stride-th sample from `phase` on, and there window w reads element
 * `w + before`.
 */
interface Place {
  readonly phase: number;
  /** Number of elements of the phase. */
  readonly length: number;
  /** Zeros in front of the windows that bring each to the element it reads; negative: windows that read padding. */
  readonly before: number;
  /** The same behind them. */
  readonly after: number;
}

function placeOf(
  { input, strides, dilations, before }: WindowShape,
  axis: number,
  place: number,
  count: number,
): Place {
  const [step, offset] = [strides[axis], place * dilations[axis] - before[axis]];
  const phase = ((offset % step) + step) % step;
  const length = Math.ceil((input[axis] - phase) / step);
  const shift = (offset - phase) / step;
  return { phase, length, before: shift, after: length - shift - count };
}

/** Whether some windows read samples, and not only padding, at every place of the kernel along an axis. */
export function readsEverywhere(window: WindowShape, axis: number, count: number): boolean {
  return Array.from({ length: window.kernel[axis] }, (_, place) => placeOf(window, axis, place, count)).every(
    ({ length, before, after }) => length > 0 && before > -count && after > -count,
  );
}

/**
 * For products of a convolution's input with its output's gradient. To move the gradient of each window to what it reads
 * copies the smaller of the two, and leaves an input with stride 1 as it is.
 */
export class ConvolutionPlaces {
  readonly #phases = new Map<string, GraphValue>();

  /**
   * @param axes of the window that are moved along, and the axes of the values that these are
   * @param input the convolution's input, and `gradient` of its output; their axes may be in any order
   */
  constructor(
    readonly graph: Emitter,
    readonly window: WindowShape,
    readonly axes: readonly { readonly window: number; readonly value: number }[],
    readonly input: GraphValue,
    readonly gradient: GraphValue,
  ) {}

  /** Two values with the same elements along `axes`: the input's phase, and each window's gradient where it reads. */
  at(places: readonly number[]): { readonly read: GraphValue; readonly gradient: GraphValue } {
    const { graph, window, axes, input, gradient } = this;
    const before = gradient.shape.map(() => 0);
    const after = gradient.shape.map(() => 0);
    const cuts: { readonly axis: number; readonly start: number; readonly step: number }[] = [];
    axes.forEach((axis, index) => {
      const place = placeOf(window, axis.window, places[index], gradient.shape[axis.value]);
      before[axis.value] = place.before;
      after[axis.value] = place.after;
      const step = window.strides[axis.window];
      if (step > 1) cuts.push({ axis: axis.value, start: place.phase, step });
    });
    const key = cuts.map(({ start }) => start).join();
    let read = this.#phases.get(key);
    if (read === undefined) {
      const list = (of: (cut: (typeof cuts)[number]) => number) => graph.integers(cuts.map(of));
      read =
        cuts.length === 0
          ? input
          : graph.add('Slice', [
              input,
              list(({ start }) => start),
              list(({ axis }) => input.shape[axis]),
              list(({ axis }) => axis),
              list(({ step }) => step),
            ]);
      this.#phases.set(key, read);
    }
    return { read, gradient: pad(graph, gradient, before, after) };
  }
}
