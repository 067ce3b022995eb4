import {
  add,
  concat,
  gelu,
  type GraphBuilder,
  matmul,
  multiply,
  reshape,
  sigmoid,
  slice,
  transpose,
  type Value,
} from '@hearken/onnx';
import fc from 'fast-check';
import { sizeOf } from './shapes.js';

/** A value of a random graph, with three axes. */
export interface Shaped {
  readonly value: Value;
  readonly shape: readonly [number, number, number];
}

/** Adds a parameter with values from -1 to 1. */
export type MakeParameter = (shape: readonly number[]) => Value;

/** A layer without kinks. `choice` decides what is open: axes, sizes. */
export type Layer = (graph: GraphBuilder, input: Shaped, parameter: MakeParameter, choice: number) => Shaped;

function unary(make: (graph: GraphBuilder, value: Value) => Value): Layer {
  return (graph, { value, shape }) => ({ value: make(graph, value), shape });
}

/** An axis of 0 to 2, and a number that is left of the choice. */
function axisOf(choice: number): [axis: number, rest: number] {
  return [choice % 3, Math.floor(choice / 3)];
}

function withSize(shape: Shaped['shape'], axis: number, size: number): Shaped['shape'] {
  return shape.map((own, at) => (at === axis ? size : own)) as unknown as Shaped['shape'];
}

/** Multiplies or adds a parameter that is repeated along some axes. */
function broadcast(combine: (graph: GraphBuilder, left: Value, right: Value) => Value): Layer {
  return (graph, { value, shape }, parameter, choice) => {
    const sizes = shape.map((size, axis) => ((choice >> axis) % 2 === 0 ? size : 1));
    const other = parameter(sizes.slice(choice % 2));
    return { value: combine(graph, value, other), shape };
  };
}

/** With constant running statistics, or (training mode 1) those of the batch. */
function batchNorm(mode: bigint): Layer {
  return (graph, { value, shape }, parameter) => {
    const channels = Array.from({ length: shape[1] }, (_, channel) => channel);
    const statistics = [
      graph.constant(channels.map((channel) => 0.1 * channel)),
      graph.constant(channels.map((channel) => 0.5 + channel)),
    ];
    const inputs = [value, parameter([shape[1]]), parameter([shape[1]]), ...statistics];
    const attributes = { epsilon: 0.1, training_mode: mode };
    return { value: graph.node('BatchNormalization', inputs, { attributes }), shape };
  };
}

/** The layers that random graphs consist of. */
export const layers: Readonly<Record<string, Layer>> = {
  tanh: unary((graph, value) => graph.node('Tanh', [value])),
  sigmoid: unary(sigmoid),
  softplus: unary((graph, value) => graph.node('Softplus', [value])),
  gelu: unary(gelu),
  fastGelu: unary((graph, value) => graph.node('FastGelu', [value], { domain: 'com.microsoft' })),
  quickGelu: unary((graph, value) => graph.node('QuickGelu', [value], { domain: 'com.microsoft' })),
  root: unary((graph, value) => graph.node('Sqrt', [add(graph, multiply(graph, value, value), graph.constant(1))])),
  twice: unary((graph, value) => multiply(graph, value, sigmoid(graph, value))),
  add: broadcast(add),
  subtract: broadcast((graph, left, right) => graph.node('Sub', [right, left])),
  multiply: broadcast(multiply),
  divide: broadcast((graph, left, right) =>
    graph.node('Div', [left, add(graph, multiply(graph, right, right), graph.constant(1))]),
  ),
  softmax: (graph, { value, shape }, _, choice) => ({
    value: graph.node('Softmax', [value], { attributes: { axis: BigInt(choice % 3) } }),
    shape,
  }),
  layerNorm: (graph, { value, shape }, parameter) => ({
    value: graph.node('LayerNormalization', [value, parameter([shape[2]]), parameter([shape[2]])], {
      attributes: { axis: -1n, epsilon: 0.1 },
    }),
    shape,
  }),
  instanceNorm: (graph, { value, shape }, parameter) => ({
    value: graph.node('InstanceNormalization', [value, parameter([shape[1]]), parameter([shape[1]])], {
      attributes: { epsilon: 0.1 },
    }),
    shape,
  }),
  batchNorm: batchNorm(0n),
  batchStatistics: batchNorm(1n),
  project(graph, { value, shape }, parameter, choice) {
    const width = 1 + (choice % 4);
    return { value: matmul(graph, value, parameter([shape[2], width])), shape: withSize(shape, 2, width) };
  },
  projectBatch(graph, { value, shape }, parameter, choice) {
    const width = 1 + (choice % 4);
    return { value: matmul(graph, parameter([shape[0], width, shape[1]]), value), shape: withSize(shape, 1, width) };
  },
  attend(graph, { value, shape }) {
    const products = matmul(graph, value, transpose(graph, value, [0, 2, 1]));
    const shares = graph.node('Softmax', [products], { attributes: { axis: -1n } });
    return { value: matmul(graph, shares, value), shape };
  },
  multiHeadAttention(graph, { value, shape }, parameter, choice) {
    const heads = 1 + (choice % 2);
    const width = heads * (1 + (Math.floor(choice / 2) % 2));
    const project = (rows: Value) => matmul(graph, rows, parameter([shape[2], width]));
    // More keys than queries; with heads of width 1 there are so many that their shares are computed again.
    const twice = concat(graph, [value, value], 1);
    const bias = choice < 4 ? undefined : parameter([1, heads, shape[1], 2 * shape[1]]);
    const inputs = [project(value), project(twice), project(twice), undefined, undefined, bias];
    const attended = graph.node('MultiHeadAttention', inputs, {
      domain: 'com.microsoft',
      attributes: { num_heads: BigInt(heads) },
    });
    return { value: attended, shape: withSize(shape, 2, width) };
  },
  convolve(graph, { value, shape }, parameter, choice) {
    const outputs = 1 + (choice % 3);
    const kernel = Math.min(2, shape[2]);
    const convolved = graph.node('Conv', [value, parameter([outputs, shape[1], kernel]), parameter([outputs])], {
      attributes: { strides: [2n], pads: [1n, 0n] },
    });
    const size = Math.floor((shape[2] + 1 - kernel) / 2) + 1;
    return { value: convolved, shape: [shape[0], outputs, size] };
  },
  transpose(graph, { value, shape }, _, choice) {
    const permutation = [
      [0, 2, 1],
      [1, 0, 2],
      [2, 0, 1],
      [1, 2, 0],
      [2, 1, 0],
    ][choice % 5];
    const moved = permutation.map((axis) => shape[axis]) as unknown as Shaped['shape'];
    return { value: transpose(graph, value, permutation), shape: moved };
  },
  join: (graph, { value, shape }) => ({
    value: reshape(graph, value, [1, shape[0] * shape[1], shape[2]]),
    shape: [1, shape[0] * shape[1], shape[2]],
  }),
  mean(graph, { value, shape }, _, choice) {
    const [axis] = axisOf(choice);
    const means = graph.node('ReduceMean', [value, graph.integers([axis])], { attributes: { keepdims: 1n } });
    return { value: graph.node('Sub', [value, means]), shape };
  },
  length(graph, { value, shape }, _, choice) {
    const [axis] = axisOf(choice);
    // Never near 0, where a length has a kink.
    const shifted = add(graph, graph.node('Tanh', [value]), graph.constant(2));
    const lengths = graph.node('ReduceL2', [shifted, graph.integers([axis])], { attributes: { keepdims: 1n } });
    return { value: graph.node('Div', [value, lengths]), shape };
  },
  slice(graph, { value, shape }, _, choice) {
    const [axis, rest] = axisOf(choice);
    const step = 1 + (rest % 2);
    const size = Math.ceil(shape[axis] / step);
    return { value: slice(graph, value, axis, 0, Infinity, step), shape: withSize(shape, axis, size) };
  },
  reverse(graph, { value, shape }, _, choice) {
    const [axis] = axisOf(choice);
    return { value: slice(graph, value, axis, -1, -(2 ** 31), -1), shape };
  },
  repeat(graph, { value, shape }, _, choice) {
    const [axis] = axisOf(choice);
    const size = 2 * shape[axis];
    return { value: concat(graph, [value, value], axis), shape: withSize(shape, axis, size) };
  },
  split(graph, { value, shape }, _, choice) {
    const [axis] = axisOf(choice);
    if (shape[axis] < 2) return { value, shape };
    const sizes = graph.integers([1, shape[axis] - 1]);
    const [first, rest] = graph.nodes('Split', [value, sizes], 2, { attributes: { axis: BigInt(axis) } });
    return { value: multiply(graph, first, rest), shape: withSize(shape, axis, shape[axis] - 1) };
  },
  gather(graph, { value, shape }, _, choice) {
    const [axis, rest] = axisOf(choice);
    const indices = [0, rest % shape[axis], 0];
    return {
      value: graph.node('Gather', [value, graph.integers(indices)], { attributes: { axis: BigInt(axis) } }),
      shape: withSize(shape, axis, 3),
    };
  },
  gatherElements(graph, { value, shape }, _, choice) {
    const [axis, rest] = axisOf(choice);
    const picked = withSize(shape, axis, 3);
    // Elements of each row, some of them twice, counted from the front and from the end.
    const places = Array.from({ length: 3 * (sizeOf(shape) / shape[axis]) }, (__, at) => {
      const place = (at * (rest + 1)) % shape[axis];
      return at % 2 === 0 ? place : place - shape[axis];
    });
    const indices = graph.integers(places, picked);
    return {
      value: graph.node('GatherElements', [value, indices], { attributes: { axis: BigInt(axis) } }),
      shape: picked,
    };
  },
  cumSum(graph, { value, shape }, _, choice) {
    const [axis, rest] = axisOf(choice);
    const attributes = { exclusive: BigInt(rest % 2), reverse: BigInt(Math.floor(rest / 2) % 2) };
    return { value: graph.node('CumSum', [value, graph.integers([axis], [])], { attributes }), shape };
  },
  topK(graph, { value, shape }, _, choice) {
    const [axis, rest] = axisOf(choice);
    const count = Math.ceil(shape[axis] / 2);
    // Far apart, so that a step of differences does not change their order: for a size of 4 it is 0, 9, 3, 6.
    const steps = Array.from(
      { length: shape[axis] },
      (__, place) => 3 * (place % 2 === 0 ? place / 2 : shape[axis] - (place + 1) / 2),
    );
    const levels = graph.constant(steps, withSize([1, 1, 1], axis, shape[axis]));
    const apart = add(graph, graph.node('Tanh', [value]), levels);
    const [largest] = graph.nodes('TopK', [apart, graph.integers([count])], 2, {
      attributes: { axis: BigInt(axis), largest: BigInt(rest % 2) },
    });
    return { value: largest, shape: withSize(shape, axis, count) };
  },
  einsum(graph, { value, shape }, parameter, choice) {
    const [first, second, last] = shape;
    const forms: readonly (readonly [
      equation: string,
      others: readonly (readonly number[])[],
      shape: Shaped['shape'],
    ])[] = [
      ['abc,cd->abd', [[last, 2]], [first, second, 2]],
      ['abc,adc->abd', [[first, 2, last]], [first, second, 2]],
      ['bca,bda->acd', [[first, 2, last]], [last, second, 2]],
      ['...c,...c->...c', [[1, second, last]], shape],
      ['abc,ba,c->cab', [[second, first], [last]], [last, first, second]],
      ['abc,d', [[2]], shape],
      ['abc->cba', [], [last, second, first]],
      ['abc,adc->abd', [[1, 2, last]], [first, second, 2]],
    ];
    const [equation, others, output] = forms[choice % forms.length];
    const found = graph.node('Einsum', [value, ...others.map(parameter)], { attributes: { equation } });
    if (equation.includes('->')) return { value: found, shape: output };
    const sums = graph.node('ReduceSum', [found, graph.integers([3])], { attributes: { keepdims: 0n } });
    return { value: sums, shape: output };
  },
  resize(graph, { value, shape }, _, choice) {
    const mode = ['nearest', 'linear', 'cubic'][choice % 3];
    const coordinates = ['half_pixel', 'asymmetric', 'align_corners'][Math.floor(choice / 3) % 3];
    const sizes = [shape[0], 2 * shape[1], shape[2] + 2] as const;
    const image = reshape(graph, value, [1, ...shape]);
    const resized = graph.node('Resize', [image, undefined, undefined, graph.integers([1, ...sizes])], {
      attributes: { mode, coordinate_transformation_mode: coordinates },
    });
    return { value: reshape(graph, resized, sizes), shape: sizes };
  },
  pad(graph, { value, shape }, _, choice) {
    const [axis, rest] = axisOf(choice);
    const mode = ['constant', 'edge', 'reflect'][rest % 3];
    const count = mode === 'reflect' ? Math.min(1, shape[axis] - 1) : 1;
    const pads = [0, 1].flatMap(() => shape.map((__, at) => (at === axis ? count : 0)));
    return {
      value: graph.node('Pad', [value, graph.integers(pads)], { attributes: { mode } }),
      shape: withSize(shape, axis, shape[axis] + 2 * count),
    };
  },
};

/** Layers of a random graph, and the sizes of its input. */
export interface RandomGraph {
  readonly shape: readonly [number, number, number];
  readonly layers: readonly { readonly name: string; readonly choice: number }[];
  readonly seed: number;
}

export const randomGraphs: fc.Arbitrary<RandomGraph> = fc.record({
  shape: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 4 })),
  layers: fc.array(
    fc.record({ name: fc.constantFrom(...Object.keys(layers)), choice: fc.integer({ min: 0, max: 11 }) }),
    { minLength: 1, maxLength: 5 },
  ),
  seed: fc.integer({ min: 1, max: 2 ** 30 }),
});
