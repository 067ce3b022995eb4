import type { Emitter, GraphValue, Operator, OperatorNode } from '../graph/contracts.js';
import { reshape } from './emit.js';
import { knownElements, positiveAxis, required } from './shapes.js';

/** What is taken from one axis: `count` elements from `start`, `step` apart. */
interface Cut {
  readonly axis: number;
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/** `input[start:end:step]` along some axes. */
export const slice: Operator = {
  type: 'Slice',
  infer(node) {
    const { dataType, shape } = required(node, 0);
    const sizes = [...shape];
    for (const { axis, count } of cutsOf(node)) sizes[axis] = count;
    return [{ dataType, shape: sizes }];
  },
  fold(node) {
    const { elements, shape } = required(node, 0);
    if (elements === undefined || shape.length !== 1) return undefined;
    const [cut] = cutsOf(node);
    return Array.from({ length: cut.count }, (_, index) => elements[cut.start + index * cut.step]);
  },
  train(graph, node) {
    const { shape } = required(node, 0);
    const cuts = cutsOf(node);
    const output = graph.add('Slice', node.inputs);
    return {
      outputs: [output],
      backward: ([gradient]) => [gradient && putBack(graph, gradient, cuts, shape)],
    };
  },
};

function cutsOf(node: OperatorNode): Cut[] {
  const { shape } = required(node, 0);
  const [starts, ends] = [knownElements(node, 1, 'starts'), knownElements(node, 2, 'ends')];
  const axes = node.inputs[3] === undefined ? starts.map((_, axis) => axis) : knownElements(node, 3, 'axes');
  const steps = node.inputs[4] === undefined ? starts.map(() => 1) : knownElements(node, 4, 'steps');
  return axes.map((given, index) => {
    const axis = positiveAxis(node, given, shape.length);
    const size = shape[axis];
    const step = steps[index];
    // As in NumPy: a backward slice may begin at the last element and end before the first.
    const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
    const bounded = (place: number) => Math.min(Math.max(place < 0 ? place + size : place, low), high);
    const [start, end] = [bounded(starts[index]), bounded(ends[index])];
    return { axis, start, step, count: Math.max(Math.ceil((end - start) / step), 0) };
  });
}

/** Zeros, except where elements were taken from. */
function putBack(graph: Emitter, gradient: GraphValue, cuts: readonly Cut[], shape: readonly number[]): GraphValue {
  let value = gradient;
  const before = shape.map(() => 0);
  const after = shape.map(() => 0);
  for (const { axis, start, step, count } of cuts) {
    let first = start;
    if (step < 0) {
      value = reversed(graph, value, axis);
      first = start + (count - 1) * step;
    }
    const gap = Math.abs(step);
    value = spread(graph, value, axis, gap);
    before[axis] = first;
    // May be negative: zeros behind the last element that are too many.
    after[axis] = shape[axis] - first - count * gap;
  }
  return pad(graph, value, before, after);
}

/** Elements of an axis in the opposite order. */
export function reversed(graph: Emitter, value: GraphValue, axis: number): GraphValue {
  const parts = [-1, -(2 ** 31), axis, -1].map((number) => graph.integers([number]));
  return graph.add('Slice', [value, ...parts]);
}

/** Puts `gap - 1` zeros behind each element of an axis. */
export function spread(graph: Emitter, value: GraphValue, axis: number, gap: number): GraphValue {
  if (gap === 1) return value;
  const { shape } = value;
  const apart = reshape(graph, value, [...shape.slice(0, axis + 1), 1, ...shape.slice(axis + 1)]);
  const none = apart.shape.map(() => 0);
  const padded = pad(
    graph,
    apart,
    none,
    none.map((_, at) => (at === axis + 1 ? gap - 1 : 0)),
  );
  return reshape(
    graph,
    padded,
    shape.map((size, at) => (at === axis ? size * gap : size)),
  );
}

/** Adds zeros before and after each axis; negative numbers remove elements. */
export function pad(
  graph: Emitter,
  value: GraphValue,
  before: readonly number[],
  after: readonly number[],
): GraphValue {
  if ([...before, ...after].every((count) => count === 0)) return value;
  return graph.add('Pad', [value, graph.integers([...before, ...after])]);
}
